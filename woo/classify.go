package woo

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// classify gives the JSON value of a good reply, cleaned, or the error of any other.
func classify(c call, status int, header http.Header, page []byte) ([]byte, *Error) {
	value, failure := extract(page)
	e := &Error{Status: status, Method: c.method, Path: c.path, auth: c.auth, After: retryAfter(header, time.Now())}
	body, data, refused := parseErrorBody(status, value)
	if refused {
		e.Code, e.Message, e.ResourceID = printable(string(body.Code)), string(body.Message), data.ResourceID
		e.Params = paramNames(data)
	}
	switch {
	case status >= 300 && status < 400:
		e.Reason, e.Message = Redirected, redirectTarget(header)
	case refused:
		e.Reason = reasonOfCode(status, e.Code)
	case status < 300 && failure == nil:
		return clean(value), nil
	default:
		e.Reason = reasonOfPage(status, page, failure)
	}
	e.harmless = status == http.StatusTooManyRequests || e.Reason == Blocked || status == http.StatusServiceUnavailable && e.After > 0
	return nil, e.seal(failure)
}

func reasonOfCode(status int, code string) Reason {
	switch {
	case code == "rest_no_route":
		return Unsupported
	case isDuplicate(code):
		return Duplicate
	case status == http.StatusNotFound, status == http.StatusGone, strings.HasSuffix(code, "_invalid_id"):
		return NotFound
	case status >= 500 && status != http.StatusNotImplemented && strings.HasPrefix(code, "woocommerce_rest_"):
		return Invalid // WooCommerce answers some refusals, such as of a refund, with 500
	case status == http.StatusForbidden && strings.HasPrefix(code, "woocommerce_"):
		return Forbidden
	}
	return reasonOfStatus(status)
}

func isDuplicate(code string) bool {
	switch code {
	case "product_invalid_sku", "product_invalid_global_unique_id", "term_exists",
		"woocommerce_rest_customer_exists", "registration-error-email-exists", "registration-error-username-exists":
		return true
	default:
		return strings.HasSuffix(code, "_already_exists")
	}
}

// reasonOfPage judges a reply without JSON. An empty or cut one is what a PHP process leaves when it dies.
func reasonOfPage(status int, page []byte, failure error) Reason {
	switch {
	case status < 300 && (len(page) == 0 || errors.Is(failure, errCut)):
		return Unavailable
	case status < 300, status == http.StatusNotFound:
		return NotWooCommerce
	default:
		return reasonOfStatus(status)
	}
}

func reasonOfStatus(status int) Reason {
	switch status {
	case http.StatusUnauthorized:
		return Unauthorized
	case http.StatusForbidden:
		return Blocked
	case http.StatusNotFound, http.StatusGone:
		return NotFound
	case http.StatusTooManyRequests:
		return RateLimited
	case http.StatusRequestTimeout, http.StatusTooEarly:
		return Unavailable
	case http.StatusNotImplemented:
		return Unsupported
	}
	if status >= 500 {
		return Unavailable
	}
	return Invalid
}

// retryAfter reads both forms of the header, seconds and date. Nonsense and the past give 0.
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.Atoi(text); err == nil {
		return min(max(0, time.Duration(seconds)), 24*3600) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

// redirectTarget gives the address without query, which may hold keys.
func redirectTarget(header http.Header) string {
	target, _, _ := strings.Cut(header.Get("Location"), "?")
	return target
}

// printable keeps a code that looks like one: anything else could be a text with personal data.
func printable(code string) string {
	for _, r := range code {
		if r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return "unknown"
		}
	}
	return code[:min(len(code), 100)]
}

func paramNames(data errorData) []string {
	names := make([]string, 0, len(data.Params))
	for name := range data.Params {
		names = append(names, printable(name))
	}
	slices.Sort(names)
	return names
}
