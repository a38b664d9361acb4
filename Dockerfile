# One image for web, worker, beat and migrations; docker-compose.yml says which command each runs.
FROM python:3.11-slim AS build
COPY requirements/bootstrap.txt requirements/base.txt /requirements/
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes -r /requirements/bootstrap.txt \
    && /venv/bin/uv pip install --no-cache --python /venv/bin/python --require-hashes -r /requirements/base.txt

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=manager.settings.production \
    DATA_DIR=/app/data
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin manager
COPY --from=build /venv /venv
WORKDIR /app
COPY . .
# Catalogues and static files are part of the image. The values here are for this step alone.
RUN python -m manager.shell.languages \
    && SECRET_KEY=build PUBLIC_BASE_URL=https://build.invalid REDIS_URL=redis://127.0.0.1:1/0 \
       DATABASE_URL=postgresql://build@127.0.0.1:1/build DATABASE_WEB_PASSWORD=build \
       DATABASE_WORKER_PASSWORD=build DATABASE_SYSTEM_PASSWORD=build EMAIL_URL=smtp://127.0.0.1:1 \
       python manage.py collectstatic --noinput --verbosity 0 \
    && chown -R manager: /app/data
USER manager
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-m", "manager.shell.health.probe"]
CMD ["gunicorn", "manager.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2", \
     "--worker-class", "gthread", "--threads", "4", "--access-logfile", "-", "--no-control-socket"]
