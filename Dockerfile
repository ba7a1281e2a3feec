# One image for web, worker and beat; compose.yaml says which is which.
FROM debian:12-slim

RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        python3 python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk gettext ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --uid 10001 portal \
    && install -d -o portal -g portal /portal /data

USER portal
WORKDIR /portal

# First the packages alone: they change less often than the code.
COPY --chown=portal requirements.lock ./
RUN python3 -m venv .venv && .venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock

COPY --chown=portal . .

ENV PATH=/portal/.venv/bin:$PATH PYTHONUNBUFFERED=1 DATA_DIR=/data STATIC_ROOT=/portal/static-collected \
    DJANGO_SETTINGS_MODULE=config.settings.production

# A secret for this command alone: collecting needs the settings, and the settings need one.
RUN msgfmt -o locale/zh_Hans/LC_MESSAGES/django.mo locale/zh_Hans/LC_MESSAGES/django.po \
    && SECRET_KEY=build ALLOWED_HOSTS=build python manage.py collectstatic --noinput -v 0

VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "config.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "4", "--timeout", "60", "--access-logfile", "-", "--no-control-socket"]
