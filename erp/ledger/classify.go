package ledger

import (
	"errors"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"tandem/fault"
)

// classify says what a database error means. Errors classified already pass unchanged, nil stays nil.
//
// PostgreSQL's message and detail quote the offending values, which may be personal data: only names go into the text.
func classify(err error) error {
	var known *fault.Error
	var refused *pq.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case errors.As(err, &refused):
		return classifyState(refused)
	default: // the driver reports lost connections, timeouts and ended contexts as errors of many types
		return fault.Wrap(fault.Unavailable, err, "the ledger's database does not answer: it is tried again")
	}
}

// classifyState tells by the SQLSTATE. https://www.postgresql.org/docs/current/errcodes-appendix.html
func classifyState(err *pq.Error) error {
	switch err.Code.Class() {
	case pqerror.ClassCardinalityViolation, pqerror.ClassDataException, pqerror.ClassIntegrityConstraintViolation:
		return refusedData(err)
	case pqerror.ClassTransactionRollback, pqerror.ClassObjectNotInPrerequisiteState:
		return fault.Wrap(fault.Unavailable, err, "another batch changed the same records at the same time: it is tried again")
	case pqerror.ClassInvalidTransactionState: // the session was idle in its transaction for longer than allowed
		return fault.Wrap(fault.Unavailable, err, "the ledger's transaction took too long and was rolled back: it is tried again")
	case pqerror.ClassConnectionException, pqerror.ClassInsufficientResources, pqerror.ClassOperatorIntervention,
		pqerror.ClassSystemError:
		return fault.Wrap(fault.Unavailable, err, "the ledger's database is not available (%s): it is tried again", err.Code.Name())
	}
	switch err.Code {
	case pqerror.InsufficientPrivilege:
		return fault.Wrap(fault.Unauthorized, err, "the database user lacks a permission on the ledger's tables: grant it")
	case pqerror.UndefinedTable, pqerror.UndefinedColumn, pqerror.InvalidSchemaName:
		return fault.Wrap(fault.Unavailable, err, "the ledger's tables are missing or old: run the migrations")
	}
	return fault.Wrap(fault.Internal, err, "the ledger's database refused a statement (%s)", err.Code.Name())
}

// refusedData names the broken rule; a batch with such an error is split until the record is found.
func refusedData(err *pq.Error) error {
	refused := fault.Wrap(fault.Invalid, err, "a value does not fit (%s)", err.Code.Name())
	refused.Code = err.Code.Name()
	if err.Constraint != "" {
		refused.Message = "the record breaks the rule " + err.Constraint + " of the ledger"
		refused.Code = err.Constraint
	}
	return refused
}
