package rpc

import (
	"net/http"
	"strings"

	"tandem/fault"
)

// Exception is an error raised inside Odoo. Its message may quote personal data and is looked into, never shown.
type Exception struct {
	Name    string // Python's, e.g. "odoo.exceptions.UserError"
	Message string
	Status  int // HTTP status under JSON-2, 0 under JSON-RPC
}

// CodeNoRight is the code of the error about a record that the user may not read or write.
const CodeNoRight = "odoo_AccessError"

// CodeGone is the code of the error about a record that was deleted between a call that read it and one that writes it.
const CodeGone = "odoo_MissingError"

// exceptions says what kind of failure each of Odoo's exceptions is, by the last part of its name.
var exceptions = map[string]struct {
	kind fault.Kind
	text string
}{
	"AccessDenied":        {fault.Unauthorized, "Odoo does not accept the key: it may have expired or been revoked"},
	"AccessError":         {fault.Unauthorized, "the user of the key has no right to do this: give it the right in Odoo"},
	"Unauthorized":        {fault.Unauthorized, "Odoo does not accept the API key: it may have expired or been revoked"},
	"Forbidden":           {fault.Unauthorized, "the user of the key may not use the external API: Odoo Online allows it in custom plans only"},
	"SessionExpired":      {fault.Unauthorized, "Odoo does not accept the key: it may have expired or been revoked"},
	"MissingError":        {fault.Unavailable, "a record was deleted in Odoo meanwhile"}, // it is looked up again, and made again
	"NotFound":            {fault.NotFound, "Odoo has no such model or method: a module may be missing"},
	"UserError":           {fault.Invalid, "Odoo refuses this"},
	"ValidationError":     {fault.Invalid, "Odoo refuses the values"},
	"RedirectWarning":     {fault.Invalid, "Odoo lacks a setting"},
	"UniqueViolation":     {fault.Invalid, "Odoo has a record with this name or code already"},
	"IntegrityError":      {fault.Invalid, "Odoo's database refuses the values"},
	"NotNullViolation":    {fault.Invalid, "a value that Odoo needs is missing"},
	"CheckViolation":      {fault.Invalid, "Odoo's database refuses the values"},
	"ForeignKeyViolation": {fault.Invalid, "the record is used elsewhere in Odoo"},
	"ValueError":          {fault.Invalid, "Odoo cannot read the values"},
	"UnprocessableEntity": {fault.Invalid, "Odoo cannot read the values"},
	"BadRequest":          {fault.Invalid, "Odoo cannot read the call"},

	"SerializationFailure":     {fault.Unavailable, "another transaction was faster in Odoo"},
	"TransactionRollbackError": {fault.Unavailable, "another transaction was faster in Odoo"},
	"ConcurrencyError":         {fault.Unavailable, "another transaction was faster in Odoo"},
	"DeadlockDetected":         {fault.Unavailable, "another transaction was faster in Odoo"},
	"LockNotAvailable":         {fault.Unavailable, "a record is locked in Odoo"},
	"LockError":                {fault.Unavailable, "a record is locked in Odoo"},
	"OperationalError":         {fault.Unavailable, "Odoo's database does not answer"},
	"InterfaceError":           {fault.Unavailable, "Odoo's database does not answer"},
	"PoolError":                {fault.Unavailable, "Odoo has no database connection left"},
	"QueryCanceled":            {fault.Unavailable, "Odoo's database gave up on a query"},
	"TimeoutError":             {fault.Unavailable, "Odoo took too long"},
	"RegistryError":            {fault.Unavailable, "Odoo is loading its modules"},
	"InFailedSqlTransaction":   {fault.Unavailable, "a transaction broke in Odoo"},
	"ServiceUnavailable":       {fault.Unavailable, "Odoo is being started or stopped"},
}

// Fault classifies the exception by its name. One that is not in the table is taken for a passing failure of the server
// when it answers so, and for a defect otherwise: both are tried again, and in the end a person sees the name.
func (e Exception) Fault(c Call) error {
	name := e.Name[strings.LastIndexByte(e.Name, '.')+1:]
	known, ok := exceptions[name]
	switch {
	case IsRaceMessage(e.Message):
		known.kind, known.text = fault.Unavailable, "another transaction was faster in Odoo"
	case !ok && e.Status == http.StatusUnauthorized:
		known.kind, known.text = fault.Unauthorized, "Odoo does not accept the API key: it may have expired or been revoked"
	case !ok:
		known.kind, known.text = fault.Internal, "Odoo failed with "+Printable(name)
	}
	failure := fault.New(known.kind, "%s (%s.%s)", known.text, c.Model, c.Method)
	failure.Code = "odoo_" + Printable(name)
	return failure
}

// IsRaceMessage reports whether a message is PostgreSQL's for a lost race: Odoo wraps some of them into other exceptions
// after it has tried again itself.
func IsRaceMessage(message string) bool {
	return strings.Contains(message, "could not serialize access") || strings.Contains(message, "deadlock detected")
}

// Printable keeps what a Python class may be called, so that nothing else gets into a message.
func Printable(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' {
			return r
		}
		return -1
	}, name[:min(len(name), 60)])
}

// RetryLostRace makes a refused name one that is tried again: when external ids are bound, only a parallel call can have
// taken the name since it was looked up, and the next try finds what that one made.
func RetryLostRace(err error) error {
	if err != nil && fault.Is(err, fault.Invalid) {
		return fault.Wrap(fault.Unavailable, err, "another call landed the same record in Odoo")
	}
	return err
}
