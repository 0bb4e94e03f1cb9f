-- How sessions meet in the database: nobody goes on before all of them are there.

DROP SEQUENCE IF EXISTS arrivals;
CREATE SEQUENCE arrivals;

-- They wait for a lock that `gate` has, a session that the last of them ends.
CREATE OR REPLACE FUNCTION meet(expected bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  arrived CONSTANT bigint := nextval('arrivals');
BEGIN
  IF arrived = expected THEN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gate';
  END IF;
  PERFORM pg_advisory_lock_shared(1);
  RETURN arrived;
END $$;

-- The last of them ends the sessions of the others, which wait.
CREATE OR REPLACE FUNCTION outlive(expected bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  arrived CONSTANT bigint := nextval('arrivals');
BEGIN
  IF arrived < expected THEN
    PERFORM pg_sleep(60);
  END IF;
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'flux' AND pid <> pg_backend_pid();
  RETURN arrived;
END $$;
