"""SQL of the wall behind `ProcedureVersion`: what people were asked, and why, is evidence. No code path can change
it."""

INSTALL = """
CREATE FUNCTION forms_published_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a published version of a procedure is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.source, NEW.digest, NEW.number, NEW.procedure_id, NEW.state, NEW.published_at)
        IS DISTINCT FROM (OLD.source, OLD.digest, OLD.number, OLD.procedure_id, OLD.state, OLD.published_at) THEN
        RAISE EXCEPTION 'a published version of a procedure never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER forms_published_is_immutable BEFORE UPDATE OR DELETE ON forms_procedureversion
    FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION forms_published_is_immutable();
"""
REMOVE = """
DROP TRIGGER forms_published_is_immutable ON forms_procedureversion;
DROP FUNCTION forms_published_is_immutable();
"""
