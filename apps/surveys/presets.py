"""The questionnaires a new portal starts with. Their words are Chinese, as they are put to customers."""

from __future__ import annotations

from dataclasses import dataclass, field

from .models import Occasion, Question

K = Question.Kind


@dataclass(frozen=True)
class QuestionLine:
    """One question as it is entered."""

    text: str
    kind: str = K.SCALE
    weight: int = 1
    choices: list[str] = field(default_factory=list)
    is_required: bool = True


@dataclass(frozen=True)
class Preset:
    """A questionnaire to start with."""

    name: str
    occasion: str
    introduction: str
    questions: list[QuestionLine]


PROPOSALS = QuestionLine("您的意见和建议", K.TEXT, weight=0, is_required=False)

PRESETS = [
    Preset(
        "维修服务满意度",
        Occasion.REPAIR,
        "感谢您使用我们的维修服务。请用半分钟为这次维修打分，您的评价不会展示给维修人员本人。",
        [
            QuestionLine("响应和到场是否及时", weight=3),
            QuestionLine("故障是否彻底解决", weight=4),
            QuestionLine("维修人员的服务态度", weight=2),
            QuestionLine("现场清理与使用说明", weight=1),
            QuestionLine("您愿意把我们推荐给同行吗", K.NPS, weight=0),
            PROPOSALS,
        ],
    ),
    Preset(
        "回访巡检满意度",
        Occasion.VISIT,
        "感谢您接待我们的回访巡检。请为这次服务打分，帮助我们做得更好。",
        [
            QuestionLine("是否按约定的时间到访", weight=2),
            QuestionLine("检查是否认真、全面", weight=3),
            QuestionLine("问题是否讲解清楚、提出了办法", weight=3),
            QuestionLine("服务人员的态度", weight=2),
            PROPOSALS,
        ],
    ),
    Preset(
        "培训满意度",
        Occasion.TRAINING,
        "感谢您参加这次培训。请用半分钟评价课程和讲师，您的评价不会展示给讲师本人。",
        [
            QuestionLine("内容是否符合您的工作需要", weight=3),
            QuestionLine("讲师讲解是否清楚、耐心", weight=3),
            QuestionLine("现场操作练习是否充分", weight=2),
            QuestionLine("教材与资料是否好用", weight=1),
            QuestionLine("时间与场地安排", weight=1),
            QuestionLine(
                "学完之后，您能独立完成日常操作和巡检吗",
                K.CHOICE,
                weight=0,
                choices=["能", "大部分能", "还不能"],
                is_required=False,
            ),
            PROPOSALS,
        ],
    ),
    Preset(
        "年度满意度",
        Occasion.YEARLY,
        "请您对我们这一年的售后服务做一次总体评价。",
        [
            QuestionLine("工程与设备的质量", weight=3),
            QuestionLine("报修响应与处理速度", weight=3),
            QuestionLine("服务人员的专业水平", weight=2),
            QuestionLine("沟通与投诉处理", weight=2),
            QuestionLine("您愿意把我们推荐给同行吗", K.NPS, weight=2),
            QuestionLine(
                "明年您最希望我们改进什么",
                K.CHOICE,
                weight=0,
                choices=["响应速度", "维修质量", "备件供应", "巡检保养", "使用培训"],
                is_required=False,
            ),
            PROPOSALS,
        ],
    ),
]
