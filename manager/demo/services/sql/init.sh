#!/bin/bash
# Run once by the PostgreSQL container (docker-compose.yml), in the database POSTGRES_DB as the superuser.
set -euo pipefail

psql=(psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB")
"${psql[@]}" \
    --set owner_password="$DATABASE_OWNER_PASSWORD" \
    --set web_password="$DATABASE_WEB_PASSWORD" \
    --set worker_password="$DATABASE_WORKER_PASSWORD" \
    --set system_password="$DATABASE_SYSTEM_PASSWORD" \
    --file /manager/roles.sql >/dev/null
"${psql[@]}" --file /manager/database.sql
