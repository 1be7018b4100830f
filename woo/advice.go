package woo

import (
	"fmt"
	"strings"
	"time"
)

// advice tells the operator what happened and what to do. It holds the store's code but not its message, and what sort of error the cause
// is but not its text.
func (e *Error) advice(cause error) string {
	where := fmt.Sprintf("%s %s", e.Method, e.Path)
	switch e.Reason {
	case Unauthorized:
		return fmt.Sprintf("the store did not accept the keys (%s): check the consumer key and secret, that the key was not revoked, and its "+
			"permission, of which Read is enough to import, while an export needs Read/Write; if they are right, something between Tandem and the store drops them: %s",
			e.detail(where), e.otherWay())
	case Forbidden:
		return fmt.Sprintf("the store refused access (%s): give the key's user the role shop manager", e.detail(where))
	case Blocked:
		return fmt.Sprintf("the store's firewall or a security plugin refused the request (%s): let Tandem's address through for "+
			"/wp-json/wc/", e.detail(where))
	case NotFound:
		return fmt.Sprintf("the store has no such record (%s)", e.detail(where))
	case Invalid:
		return fmt.Sprintf("the store refused the request (%s)%s", e.detail(where), e.refused())
	case Duplicate:
		return fmt.Sprintf("the store already has such a record (%s)%s", e.detail(where), e.inTheWay())
	case RateLimited:
		return fmt.Sprintf("the store asks for fewer requests (%s)%s", e.detail(where), e.wait())
	case Unsupported:
		return fmt.Sprintf("the store does not offer this (%s): update WooCommerce or check that it is active", e.detail(where))
	case NotWooCommerce:
		return fmt.Sprintf("no WooCommerce REST API answers there (%s): check the address, that WooCommerce is active and that "+
			"permalinks are not plain (otherwise use rest_route)", e.detail(where))
	case Redirected:
		return fmt.Sprintf("the store sends the request elsewhere (%s): use the address it redirects to, %s", e.detail(where), e.Message)
	case TooLarge:
		return fmt.Sprintf("the store's reply is larger than allowed (%s): a plugin may store very much with one record", where)
	case Private:
		return fmt.Sprintf("the image is not fetched (%s): its address leads into a private network that is not the store's", where)
	case Uncertain:
		return fmt.Sprintf("the store's reply was lost (%s): the record may exist, look for it before creating it again", where)
	default:
		return fmt.Sprintf("the store does not answer properly (%s)%s%s", e.detail(where), describeDialError(cause), e.wait())
	}
}

// otherWay says what to try when keys that are right do not arrive.
func (e *Error) otherWay() string {
	switch e.auth {
	case AuthQuery:
		return "Force Authorization is on already, so turn it off (connection.force_authorization: false), or let the site's firewall pass the keys"
	case AuthOAuth:
		return "over http the keys are signed with the time, so check that both clocks are right"
	default:
		return "turn Force Authorization on (connection.force_authorization: true), which sends them in the query string"
	}
}

func (e *Error) detail(where string) string {
	parts := []string{where}
	if e.Status != 0 {
		parts = append(parts, fmt.Sprintf("HTTP %d", e.Status))
	}
	if e.Code != "" {
		parts = append(parts, e.Code)
	}
	return strings.Join(parts, ", ")
}

func (e *Error) refused() string {
	if len(e.Params) == 0 {
		return ""
	}
	return ": check " + strings.Join(e.Params, ", ")
}

func (e *Error) inTheWay() string {
	if e.ResourceID == 0 {
		return ": look in the trash too"
	}
	return fmt.Sprintf(": record %d is in the way, perhaps in the trash", e.ResourceID)
}

func (e *Error) wait() string {
	if e.After <= 0 {
		return ""
	}
	return fmt.Sprintf(": wait %s", e.After.Round(time.Second))
}
