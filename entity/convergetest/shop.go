package convergetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/woo/wootest"
)

// ask puts a request to the store as a person's browser does.
func (w *world) ask(method, path string, in any, out any) {
	w.t.Helper()
	body, err := json.Marshal(in)
	require.NoError(w.t, err)
	request := httptest.NewRequest(method, "http://store/wp-json/wc/v3/"+path, bytes.NewReader(body))
	request.SetBasicAuth(wootest.DefaultKey, wootest.DefaultSecret)
	request.Header.Set("Content-Type", "application/json")
	reply := httptest.NewRecorder()
	w.shop.ServeHTTP(reply, request)
	require.Less(w.t, reply.Code, 300, "%s %s: %s", method, path, reply.Body)
	require.NoError(w.t, json.Unmarshal(reply.Body.Bytes(), out))
}

// body brings values of a record, or of one of its variations, into the store's form.
func (w *world) body(of int, v Values) map[string]any {
	fields := map[string]any{}
	for id, value := range v {
		outer, inner, nested := strings.Cut(id.Name, ".")
		switch {
		case id.Of != of:
		case nested:
			group, _ := fields[outer].(map[string]any)
			if group == nil {
				group = map[string]any{}
			}
			group[inner] = value
			fields[outer] = group
		case id.Name == categoriesField:
			refs := []map[string]any{}
			for _, n := range numbers(value) {
				refs = append(refs, map[string]any{"id": json.Number(w.records[n].wooID)})
			}
			fields[id.Name] = refs
		case id.Name == "manage_stock":
			fields[id.Name] = value == "true"
		case id.Name == "usage_limit":
			fields[id.Name] = json.Number(value)
		default:
			fields[id.Name] = value
		}
	}
	return fields
}

// numbers reads the numbers of records that are the value of a field.
func numbers(value string) []int {
	var list []int
	for text := range strings.SplitSeq(value, ",") {
		if n, err := strconv.Atoi(text); err == nil {
			list = append(list, n)
		}
	}
	return list
}

// joined writes down the numbers of records.
func joined(list []int) string {
	slices.Sort(list)
	var texts []string
	for _, n := range list {
		texts = append(texts, strconv.Itoa(n))
	}
	return strings.Join(texts, ",")
}

// editStore makes an edit in the store.
func (w *world) editStore(r *record, v Values) {
	w.t.Helper()
	for of := range r.kind.Variations + 1 {
		fields := w.body(of, v)
		if len(fields) == 0 {
			continue
		}
		path := r.kind.Path + "/" + r.wooID
		if of > 0 {
			path += "/variations/" + r.variations[of-1]
		}
		w.ask(http.MethodPut, path, fields, &map[string]any{})
	}
}

// createInStore makes a record in the store.
func (w *world) createInStore(r *record) {
	w.t.Helper()
	fields := w.body(0, r.store)
	for name, value := range r.constant() {
		fields[name] = value
	}
	if r.kind.Variations > 0 {
		fields["type"] = "variable"
		fields["attributes"] = []map[string]any{{"name": "Size", "visible": true, "variation": true, "options": Sizes(r.kind.Variations)}}
	}
	var made map[string]any
	w.ask(http.MethodPost, r.kind.Path, fields, &made)
	r.wooID = idOf(made)
	for of := range r.kind.Variations {
		fields := w.body(of+1, r.store)
		fields["sku"] = SKU(r.n, of+1)
		fields["attributes"] = []map[string]any{{"name": "Size", "option": Size(of + 1)}}
		w.ask(http.MethodPost, r.kind.Path+"/"+r.wooID+"/variations", fields, &made)
		r.variations = append(r.variations, idOf(made))
	}
}

// constant is what a record is told by, in the store's form; nobody edits it.
func (r *record) constant() map[string]any {
	switch r.kind.Entity {
	case "product":
		return map[string]any{"sku": SKU(r.n, 0)}
	case "customer":
		return map[string]any{"email": Email(r.n)}
	case "coupon":
		return map[string]any{"code": Code(r.n)}
	default:
		return nil
	}
}

func idOf(record map[string]any) string {
	id, _ := record["id"].(float64)
	return strconv.FormatInt(int64(id), 10)
}

// inStore reads what the store holds of all records of a kind, by their ids.
func (w *world) inStore(kind *Kind) map[string]Values {
	w.t.Helper()
	all := map[string]Values{}
	for _, record := range w.listStore(kind.Path) {
		held := Values{}
		w.read(held, kind, 0, record)
		if ids, ok := record["variations"].([]any); ok && len(ids) > 0 {
			if kind.Variations == 0 {
				continue
			}
			for of, id := range w.variationsOf(w.recordIn(kind, idOf(record))) {
				var variation map[string]any
				w.ask(http.MethodGet, kind.Path+"/"+idOf(record)+"/variations/"+id, nil, &variation)
				w.read(held, kind, of+1, variation)
			}
		} else if kind.Variations > 0 {
			continue
		}
		all[idOf(record)] = held
	}
	return all
}

// variationsOf gives the ids of the variations that the store has of a record, in the order in which fields name them.
func (w *world) variationsOf(r *record) []string {
	if len(r.variations) == r.kind.Variations {
		return r.variations
	}
	r.variations = make([]string, r.kind.Variations)
	for _, v := range w.listStore(r.kind.Path + "/" + r.wooID + "/variations") {
		for of := range r.variations {
			if v["sku"] == SKU(r.n, of+1) {
				r.variations[of] = idOf(v)
			}
		}
	}
	return r.variations
}

func (w *world) listStore(path string) []map[string]any {
	w.t.Helper()
	var all []map[string]any
	for page := 1; ; page++ {
		var records []map[string]any
		w.ask(http.MethodGet, fmt.Sprintf("%s?per_page=100&page=%d", path, page), nil, &records)
		if all = append(all, records...); len(records) < 100 {
			return all
		}
	}
}

var paragraphs = regexp.MustCompile(`</?p>|\n`)

// read takes the values of a record, or of one of its variations, out of the store's form.
func (w *world) read(into Values, kind *Kind, of int, record map[string]any) {
	for _, f := range kind.Fields {
		if f.Of != of {
			continue
		}
		outer, inner, nested := strings.Cut(f.Name, ".")
		value := record[outer]
		if nested {
			group, _ := value.(map[string]any)
			value = group[inner]
		}
		into[f.id()] = w.text(value)
	}
}

func (w *world) text(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case bool:
		return strconv.FormatBool(value)
	case float64:
		return strconv.FormatInt(int64(value), 10)
	case []any:
		var list []int
		for _, ref := range value {
			ref, _ := ref.(map[string]any)
			if n := w.numberOf("category", idOf(ref)); n >= 0 { // or it is the one of what has none
				list = append(list, n)
			}
		}
		return joined(list)
	case string:
		return Plain(value)
	}
	return fmt.Sprint(value)
}

// Plain is a text without paragraphs, and an amount without zeros at its end.
func Plain(text string) string {
	if amount, err := decimal.NewFromString(text); err == nil {
		return amount.String()
	}
	return paragraphs.ReplaceAllString(text, "")
}
