package wootest

import (
	"encoding/json"
	"net/http"
)

const maxBatch = 100

// batchInput is the body of a batch request. Items stay raw: each is decoded where it is applied.
type batchInput struct {
	Create []json.RawMessage `json:"create"`
	Update []json.RawMessage `json:"update"`
	Delete []integer         `json:"delete"`
}

func (in batchInput) size() int { return len(in.Create) + len(in.Update) + len(in.Delete) }

// batch applies items one after another. A failed item answers its error in its place, the request itself is 200.
func (res *resource[T]) batch(c *call) (*reply, error) {
	var in batchInput
	if err := decode(c.body, &in); err != nil {
		return nil, err
	}
	if in.size() > maxBatch {
		return nil, failf(http.StatusRequestEntityTooLarge, "woocommerce_rest_request_entity_too_large",
			"Unable to accept more than %d items for this request.", maxBatch)
	}
	c.batch = true
	e := c.encoder()
	e.open('{')
	res.batchCreate(e, c, in.Create)
	res.batchUpdate(e, c, in.Update)
	res.batchDelete(e, c, in.Delete)
	e.close('}')
	return newReply(http.StatusOK, e.b), nil
}

func (res *resource[T]) batchCreate(e *encoder, c *call, items []json.RawMessage) {
	if items == nil {
		return
	}
	e.array("create")
	for _, item := range items {
		if !c.spend() {
			break
		}
		rec, err := res.write(c, nil, item)
		res.batchItem(e, c, 0, rec, err)
	}
	e.close(']')
}

func (res *resource[T]) batchUpdate(e *encoder, c *call, items []json.RawMessage) {
	if items == nil {
		return
	}
	e.array("update")
	for _, item := range items {
		if !c.spend() {
			break
		}
		var named struct {
			ID integer `json:"id"`
		}
		err := decode(item, &named)
		var rec *T
		if err == nil {
			rec, err = res.find(c, int(named.ID), true)
		}
		if err == nil {
			rec, err = res.write(c, rec, item)
		}
		res.batchItem(e, c, int(named.ID), rec, err)
	}
	e.close(']')
}

// batchDelete always forces, as WooCommerce does.
func (res *resource[T]) batchDelete(e *encoder, c *call, ids []integer) {
	if ids == nil {
		return
	}
	e.array("delete")
	for _, id := range ids {
		if !c.spend() {
			break
		}
		rec, err := res.find(c, int(id), false)
		if err != nil {
			res.batchItem(e, c, res.named(c, int(id)), nil, err)
			continue
		}
		start := len(e.b)
		res.batchItem(e, c, int(id), rec, nil)
		if err := res.remove(c, rec, true); err != nil {
			e.b = e.b[:start]
			res.batchItem(e, c, int(id), nil, err)
		}
	}
	e.close(']')
}

// named is how a failed deletion names its record: a variation with its parent.
func (res *resource[T]) named(c *call, id int) any {
	if res.pattern != variationsPattern {
		return id
	}
	return map[string]any{"id": id, "product_id": c.id(0), "force": true}
}

func (res *resource[T]) batchItem(e *encoder, c *call, id any, rec *T, err error) {
	if err != nil {
		rest := asRestError(err).body()
		e.next()
		e.document(map[string]any{"id": id, "error": rest})
		e.close('}')
		return
	}
	res.append(e, c, rec)
	if res.extra != nil {
		res.extra(e, c, rec)
	}
	e.close('}')
}

// spend takes one item off the budget of a request that is going to time out: what it applied so far stays applied.
func (c *call) spend() bool {
	if c.budget == 0 {
		return false
	}
	if c.budget > 0 {
		c.budget--
	}
	return true
}
