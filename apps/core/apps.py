"""The engines as a Django app, and the base of every app's configuration."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import module_has_submodule


class PortalApp(AppConfig):
    """Loads what the app declares about itself: steps, documents, checks, and what it adds to others' pages."""

    #: Further modules that declare events or outbox handlers: a worker loads no views, and must know them too.
    declares: tuple[str, ...] = ()

    # Django takes the one configuration it finds in an app's module: the app's own, not this base imported there.
    default = False

    def __init_subclass__(cls) -> None:
        cls.default = True

    def ready(self) -> None:
        for module in ("checks", "lifecycle", "services", "documents", "promises", "panels"):
            if module_has_submodule(self.module, module):
                import_module(f"{self.name}.{module}")
        for module in self.declares:
            import_module(f"{self.name}.{module}")


class CoreConfig(PortalApp):
    name = "apps.core"
    label = "core"
    declares = ("pages",)
