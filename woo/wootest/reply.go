package wootest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// reply is what a handler answers.
type reply struct {
	status int
	header http.Header
	body   []byte
	shown  []int // ids of the records in it, where they are numbers
}

func newReply(status int, body []byte) *reply {
	return &reply{status: status, header: http.Header{}, body: body}
}

// jsonReply encodes small values that need no hand-made encoding.
func jsonReply(status int, v any) (*reply, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return newReply(status, body), nil
}

func errorReply(e *restError) *reply {
	body, err := json.Marshal(e.body())
	if err != nil {
		body = []byte(`{}`)
	}
	return newReply(e.status, body)
}

// paged adds the totals and links of a list. As in WordPress there is no rel=first or last, a page too far points back
// to the last real one, and array parameters (status) are missing from the links.
func (r *reply) paged(c *call, p page, total int) {
	pages := (total + p.size - 1) / p.size
	r.header.Set("X-WP-Total", strconv.Itoa(total))
	r.header.Set("X-WP-TotalPages", strconv.Itoa(pages))
	var links []string
	if p.number > 1 {
		links = append(links, c.pageLink(min(p.number-1, max(pages, 1)), "prev"))
	}
	if p.number < pages {
		links = append(links, c.pageLink(p.number+1, "next"))
	}
	if len(links) > 0 {
		r.header.Add("Link", strings.Join(links, ", "))
	}
}

func (c *call) pageLink(number int, rel string) string {
	var kept []string
	for pair := range strings.SplitSeq(c.raw, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if key == "" || !linkable(key) {
			continue
		}
		plain, err := url.QueryUnescape(value)
		if err != nil {
			continue
		}
		if plain == "true" {
			plain = "1"
		}
		kept = append(kept, key+"="+url.QueryEscape(plain))
	}
	kept = append(kept, "page="+strconv.Itoa(number))
	sep := "?"
	if c.store.opts.PlainPermalinks {
		sep = "&"
	}
	return "<" + c.api() + "/" + c.path(c.route.pattern) + sep + strings.Join(kept, "&") + `>; rel="` + rel + `"`
}

func linkable(key string) bool {
	switch {
	case key == "page", key == "status", key == "rest_route", strings.Contains(key, "%5B"), strings.Contains(key, "["):
		return false
	case strings.HasPrefix(key, "oauth_"), strings.HasPrefix(key, "consumer_"):
		return false
	}
	return true
}

// project keeps only the wanted fields of one JSON object; "a.b" reaches into objects.
func project(object []byte, fields []string) []byte {
	var all map[string]json.RawMessage
	if json.Unmarshal(object, &all) != nil {
		return object
	}
	nested := map[string][]string{}
	for _, field := range fields {
		top, rest, deep := strings.Cut(field, ".")
		if deep {
			nested[top] = append(nested[top], rest)
		} else if _, known := nested[top]; !known {
			nested[top] = nil
		}
	}
	kept := make(map[string]json.RawMessage, len(nested))
	for name, inner := range nested {
		value, present := all[name]
		if !present {
			continue
		}
		if len(inner) > 0 {
			value = project(value, inner)
		}
		kept[name] = value
	}
	out, err := json.Marshal(kept)
	if err != nil {
		return object
	}
	return out
}
