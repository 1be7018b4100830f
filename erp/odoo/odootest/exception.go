package odootest

import "fmt"

// exception is an error as Odoo's Python raises it: it runs up to the call, which is rolled back.
type exception struct {
	name    string // Python's, e.g. "odoo.exceptions.UserError"
	message string
}

// raise ends the running call. It panics, because a business rule of Odoo is left from wherever it is; only run recovers.
func raise(name, format string, args ...any) {
	panic(exception{name: name, message: fmt.Sprintf(format, args...)})
}

// refuse raises what Odoo shows to users.
func refuse(message string) { raise("odoo.exceptions.UserError", "%s", message) }

// catch runs something and gives the exception it raised, if any.
func catch(do func()) (raised *exception) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case exception:
			raised = &r
		default:
			panic(r)
		}
	}()
	do()
	return nil
}

var statuses = map[string]int{
	"werkzeug.exceptions.Unauthorized":        401,
	"odoo.exceptions.AccessError":             403,
	"odoo.exceptions.MissingError":            404,
	"werkzeug.exceptions.NotFound":            404,
	"odoo.exceptions.UserError":               422,
	"werkzeug.exceptions.UnprocessableEntity": 422,
}

// status is the HTTP status of an exception under JSON-2.
func (e exception) status() int {
	if status, ok := statuses[e.name]; ok {
		return status
	}
	return 500
}
