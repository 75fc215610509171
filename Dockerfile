# Ajar as an image: the server, the workers and the loader of many machines are the same one, told apart by their
# command. Built from the lock, so that an image holds exactly what was tested:
#
#   docker build -t ajar .
#   docker run --rm ajar ajar demo
FROM python:3.12-slim-bookworm AS build
WORKDIR /opt/ajar
RUN python -m venv /opt/venv
COPY requirements.lock ./
RUN /opt/venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY flows flows
COPY extractors extractors
COPY warehouse warehouse
# Editable, because Prefect loads the flows from the folder they were deployed from.
RUN /opt/venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation --editable .

FROM python:3.12-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DO_NOT_TRACK=1 \
    AJAR_HOME=/var/lib/ajar \
    PREFECT_HOME=/var/lib/ajar/prefect
# The folder that all share: a volume takes its owner from here.
RUN useradd --system --uid 10001 --home-dir /var/lib/ajar --create-home ajar \
    && install --directory --owner=ajar /shared
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/ajar /opt/ajar
COPY prefect.yaml prefect.toml /opt/ajar/
COPY docs/operating /opt/ajar/docs/operating
USER 10001
WORKDIR /opt/ajar
VOLUME /var/lib/ajar
CMD ["ajar", "--help"]
