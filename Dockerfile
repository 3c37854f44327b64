# fetch in a container, for docker, podman, buildah and the like:
#
#     docker build -t fetch .
#     producer | docker run --rm -i fetch --format jsonl > records.jsonl
#     docker run --rm -u "$(id -u):$(id -g)" -v "$PWD:/work" fetch -i urls.txt --output-dir pages

FROM swift:6.3-bookworm AS build
WORKDIR /source
COPY . .
RUN Scripts/package deb

FROM debian:bookworm-slim
# The package says what it needs.
COPY --from=build /source/.build/packages/*.deb /tmp/
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends /tmp/*.deb ca-certificates \
    && rm -rf /tmp/*.deb /var/lib/apt/lists/*
USER nobody
WORKDIR /work
ENTRYPOINT ["fetch"]
