# One image for server and worker; the command chooses. Build it with: docker build -t holdfast .
FROM node:24-bookworm-slim AS build
WORKDIR /app
# CI: never ask.
ENV CI=true
COPY . .
RUN npx -y pnpm@12 install --frozen-lockfile && node apps/holdfast/src/main.ts build
# What only building and testing needs stays behind.
RUN npx -y pnpm@12 install --frozen-lockfile --prod

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="Holdfast" org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --system --gid 10001 holdfast \
  && useradd --system --uid 10001 --gid holdfast --home-dir /data holdfast \
  && install -d -o holdfast -g holdfast -m 0700 /data
WORKDIR /app
COPY --from=build /app /app
ENV NODE_ENV=production NODE_USE_SYSTEM_CA=1 HOLDFAST_HOST=0.0.0.0 HOLDFAST_PORT=4000 HOLDFAST_DATA_DIR=/data
USER holdfast
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 CMD ["node", "apps/holdfast/src/container-health.ts"]
# server, worker, or both in one process
ENTRYPOINT ["node", "apps/holdfast/src/app-process.ts"]
CMD ["server,worker"]
