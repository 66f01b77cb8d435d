-- The role with which web servers and workers sign in. It may add to the records and read them, never rewrite them.
-- Run as the owner of the database after `manage.py migrate`, and again after every upgrade:
--     psql -v role=sanzhen_app -v password="'…'" -f deploy/append-only.sql sanzhen
-- Migrations go on running as the owner.
\set ON_ERROR_STOP on

SELECT format('CREATE ROLE %I LOGIN', :'role')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
\if :{?password}
ALTER ROLE :"role" PASSWORD :password;
\endif

GRANT USAGE ON SCHEMA public TO :"role";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"role";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :"role";

-- What must only grow. exams/attempts/record_checks.py names the same tables.
REVOKE UPDATE, DELETE, TRUNCATE ON exams_answerevent, exams_checkin, exams_mark, exams_signal, lms_auditentry FROM :"role";
