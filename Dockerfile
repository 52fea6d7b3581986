# One image for server and worker; the command chooses. Build it with: docker build -t holdfast .
FROM node:24-bookworm-slim AS source
WORKDIR /app
# CI: never ask, and keep to the lockfile.
ENV CI=true
COPY . .

FROM source AS editor
RUN npx -y pnpm@12 install && node apps/holdfast/src/main.ts build

# What server and worker need, and nothing that only building and testing needs.
FROM source AS app
RUN npx -y pnpm@12 install --prod --filter '@holdfast/holdfast...'
COPY --from=editor /app/apps/editor/dist apps/editor/dist

FROM node:24-bookworm-slim
LABEL org.opencontainers.image.title="Holdfast" org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --system --gid 10001 holdfast \
  && useradd --system --uid 10001 --gid holdfast --home-dir /data holdfast \
  && install -d -o holdfast -g holdfast -m 0700 /data
WORKDIR /app
COPY --from=app /app /app
ENV NODE_ENV=production NODE_USE_SYSTEM_CA=1 HOLDFAST_HOST=0.0.0.0 HOLDFAST_PORT=4000 HOLDFAST_DATA_DIR=/data
USER holdfast
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 CMD ["node", "apps/holdfast/src/container-health.ts"]
# server, worker, or both in one process
ENTRYPOINT ["node", "apps/holdfast/src/app-process.ts"]
CMD ["server,worker"]
