# The production image: no practice Trello in it. Not built or run by this repository's tests; a test
# holds its port, paths and health route against the program.
FROM node:20-bookworm-slim AS pages
WORKDIR /src
COPY powerup .
RUN npm ci --no-audit --no-fund && npm run build

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
COPY --from=pages /src/dist powerup/dist
RUN cargo build --release --locked --no-default-features --features mail

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /data signalman
COPY --from=build /src/target/release/signalman /usr/local/bin/signalman
COPY radio.ru.toml radio.en.toml /etc/signalman/
USER signalman
ENV LISTEN=0.0.0.0:8080 STORE=/data/signalman.db PROCESS=/etc/signalman/radio.ru.toml
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=3s CMD curl -fsS http://127.0.0.1:8080/healthz || exit 1
STOPSIGNAL SIGTERM
ENTRYPOINT ["signalman"]
CMD ["serve"]
