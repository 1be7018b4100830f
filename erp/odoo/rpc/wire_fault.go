package rpc

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"

	"tandem/fault"
)

// CodeTooLarge is the code of the error about a call that a proxy does not let through.
const CodeTooLarge = "too_large"

// statusFault classifies a reply that is not Odoo's own: a proxy's, or that of something else.
func statusFault(r reply) error {
	switch {
	case r.status == http.StatusTooManyRequests:
		return slowDown(retryAfter(r.header))
	case r.status == http.StatusUnauthorized, r.status == http.StatusForbidden:
		return fault.New(fault.Unauthorized, "Odoo does not accept the API key: it may have expired or been revoked")
	case r.status == http.StatusRequestEntityTooLarge: // a batch is halved until it fits
		return &fault.Error{Kind: fault.Invalid, Code: CodeTooLarge,
			Message: "a proxy in front of Odoo refuses requests of this size: raise its limit, to 20 MB for images"}
	case r.status == http.StatusNotFound: // some proxies answer so while Odoo is restarted
		return &fault.Error{Kind: fault.Unavailable, Field: "url",
			Message: "there is no Odoo with this database under this address: if it is not being restarted, check the address"}
	case r.status/100 == 3:
		return moved(r.header)
	case r.status == http.StatusGatewayTimeout, r.status >= http.StatusInternalServerError && r.took >= slowCall:
		return coded(CodeTimedOut, fault.New(fault.Unavailable, "Odoo did not answer in time: a proxy gave up with status %d", r.status))
	case r.status == http.StatusBadGateway: // the worker that was at it has ended, or none has been started yet
		return coded(CodeLost, fault.New(fault.Unavailable, "the Odoo server answers with status %d", r.status))
	case r.status >= http.StatusInternalServerError:
		return fault.New(fault.Unavailable, "the Odoo server answers with status %d", r.status)
	default:
		return fault.New(fault.Unavailable, "status %d came instead of an answer of Odoo", r.status)
	}
}

// moved names the server a reply leads to. The rest of the address may hold what is nobody's business.
func moved(header http.Header) error {
	to, err := url.Parse(header.Get("Location"))
	if err != nil || to.Host == "" {
		return fault.Field("url", "the server sends calls to another address: give the one that Odoo is opened with in a browser")
	}
	return fault.Field("url", "the server sends calls on to %s://%s: give that address", to.Scheme, to.Host)
}

// strange names a server that answers as something else than Odoo does when it is asked for its version, which needs
// neither key nor database. A page may also be that of a maintenance, and is tried again.
func strange(r reply, err error) error {
	switch page := bytes.HasPrefix(bytes.TrimSpace(r.body), []byte("<")); {
	case r.status == http.StatusNotFound:
		return &fault.Error{Kind: fault.Unavailable, Field: "url",
			Message: "what answers under this address is not Odoo: if it is not being restarted, check the address"}
	case r.status/100 == 4 && !fault.Is(err, fault.RateLimited):
		return fault.Field("url", "what answers under this address is not Odoo, or keeps its API from the outside")
	case r.status/100 == 2 && page:
		return fault.Wrap(fault.Unavailable, err, "a web page came instead of an answer of Odoo: if it goes on, check the address")
	default:
		return err
	}
}

// databaseFault finds out whether a failure is due to the database: it is missing, not named, or not one of Odoo's.
func (w *wire) databaseFault(ctx context.Context, database string, failure error) error {
	if database == "" {
		if _, err := w.version(ctx); err != nil {
			return failure
		}
		return fault.Field("database", "the Odoo server does not know which database is meant: name it")
	}
	var exists bool
	params := map[string]any{"service": "db", "method": "db_exist", "args": []any{database}}
	if err := w.rpc(ctx, Call{Model: "db", Method: "db_exist"}, params, &exists); err != nil {
		return failure
	}
	if !exists {
		return fault.Field("database", "the Odoo server has no database %q: its name is on the page /web/database/selector, "+
			"and on Odoo Online it is the first part of the address", database)
	}
	if kind := fault.KindOf(failure); kind == fault.Internal || kind == fault.Unavailable && fault.From(failure).Field == "" {
		return fault.Wrap(fault.Unavailable, failure, "Odoo does not open the database %q: it may be starting, or not be initialised", database)
	}
	return failure
}

// planned adds to a refusal what may be the reason of it on Odoo's own servers, which answer as if the key were wrong.
// See https://www.odoo.com/documentation/19.0/developer/reference/external_api.html.
func (w *wire) planned(err error) error {
	base, parsed := url.Parse(w.base)
	refused := fault.From(err)
	if parsed != nil || !strings.HasSuffix(base.Hostname(), ".odoo.com") || refused.Kind != fault.Unauthorized || refused.Code == CodeNoRight {
		return err
	}
	hinted := *refused
	hinted.Message += "; Odoo Online opens its API in the Custom plan only, not in One App Free or Standard"
	return &hinted
}
