# The bot in a container: docker build -t article-digest-bot . && docker run -d -e BOT_TOKEN=… -v digests:/data article-digest-bot
FROM python:3.13-slim AS packages
COPY requirements.lock requirements-postgres.lock /
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r /requirements.lock -r /requirements-postgres.lock

FROM python:3.13-slim
# For charts, with Latin and Chinese characters: 5 MB.
RUN apt-get update && apt-get install --yes --no-install-recommends fonts-wqy-microhei && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --no-create-home bot && install --directory --owner=bot --group=bot --mode=0700 /data
COPY --from=packages /venv /venv
WORKDIR /app
COPY bot bot
COPY content content
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data LOG_FORMAT=json
USER bot
VOLUME /data
# A start after a long time away may have to read many articles first.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["python", "-m", "bot", "health"]
# Stop it with `docker stop -t 25`: what is being sent may still arrive, and an end that hangs is cut off after 20 s.
CMD ["python", "-m", "bot", "run"]
