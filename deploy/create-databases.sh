#!/bin/sh
# Runs once, when PostgreSQL's volume is new: an account and a database for each, so that neither can read the other's.
set -eu
psql --set=ON_ERROR_STOP=1 --set=holdfast_password="$HOLDFAST_DB_PASSWORD" --set=temporal_password="$TEMPORAL_DB_PASSWORD" --username "$POSTGRES_USER" <<'SQL'
create role holdfast login password :'holdfast_password';
create role temporal login password :'temporal_password';
create database holdfast owner holdfast;
create database temporal owner temporal;
create database temporal_visibility owner temporal;
revoke connect on database holdfast, temporal, temporal_visibility from public;
SQL
