package wootest

import (
	"net/http"
)

// roomPerRecord is about what the JSON of an order takes, so that a page is written without growing its buffer.
const roomPerRecord = 5 << 10

// resource serves one kind of record. The verbs are the same for all; the callbacks say what differs, and may be nil
// where the comment says what that means.
type resource[T any] struct {
	pattern string // path of the list below wc/v3
	records *collection[T]

	orders     []string // allowed orderby, the first is the default; nil: by id
	ascending  bool     // default direction
	dated      bool     // has after, before, modified_after and modified_before
	unpaged    bool     // answers everything, without totals
	offsetless bool     // pages by number only, offset is ignored

	statuses func(c *call) (func(string) bool, error) // nil: no status filter
	scope    func(c *call) ([]int, error)             // candidates of the list, ascending; nil result: all records
	filter   func(c *call) (func(*T) bool, error)     // filters that look inside; nil result: none
	pick     func(id int) *T                          // finds what scope names; nil: in records
	sortText func(rec *T, by string) string           // nil: sorts by id, date, modified and include only
	owned    func(c *call, rec *T) error              // the path's parent owns the record; nil: there is no parent

	encode func(e *encoder, c *call, rec *T)            // writes an object and leaves it open
	links  func(e *encoder, c *call, rec *T)            // nil: self and collection
	extra  func(e *encoder, c *call, rec *T)            // fields only the reply to a write has; nil: none
	write  func(c *call, old *T, in []byte) (*T, error) // stores and gives the record; old is nil on create; nil: read-only
	remove func(c *call, rec *T, force bool) error      // nil: cannot be deleted

	missing    *restError // reply to an unknown id
	missingPut int        // its status on update, where that differs
}

// mount registers the usual routes.
func (res *resource[T]) mount(rt *router) {
	list := rt.at(res.pattern).on(http.MethodGet, res.list)
	list.list = true
	single := rt.at(res.pattern+"/#").on(http.MethodGet, res.get)
	if res.write != nil {
		list.on(http.MethodPost, res.create)
		single.edit(res.update)
	}
	if res.remove != nil {
		single.on(http.MethodDelete, res.delete)
	}
}

// mountBatch adds the batch route.
func (res *resource[T]) mountBatch(rt *router) {
	r := rt.at(res.pattern + "/batch")
	r.on(http.MethodPost, res.batch).on(http.MethodPut, res.batch).on(http.MethodPatch, res.batch)
}

func (res *resource[T]) list(c *call) (*reply, error) {
	if res.offsetless {
		c.query.Del("offset")
	}
	p, err := c.page()
	if err != nil {
		return nil, err
	}
	ids, err := res.ids(c)
	if err != nil {
		return nil, err
	}
	shown := ids
	if !res.unpaged {
		shown = p.cut(ids)
	}
	e := c.encoder()
	e.b = make([]byte, 0, 1<<10+len(shown)*roomPerRecord)
	e.open('[')
	for _, id := range shown {
		if rec := res.record(id); rec != nil {
			res.append(e, c, rec)
			e.close('}')
			e.project()
		}
	}
	e.close(']')
	r := newReply(http.StatusOK, e.b)
	r.shown = shown
	if !res.unpaged {
		r.paged(c, p, len(ids))
	}
	return r, nil
}

// record gives what a list holds under an id.
func (res *resource[T]) record(id int) *T {
	if res.pick != nil {
		return res.pick(id)
	}
	return res.records.get(id)
}

// append writes one record with its links and leaves the object open.
func (res *resource[T]) append(e *encoder, c *call, rec *T) {
	e.next()
	e.mark = len(e.b)
	res.encode(e, c, rec)
	if res.links != nil {
		res.links(e, c, rec)
		return
	}
	c.links(e, c.path(res.pattern), res.records.headOf(rec).id, allMethods, "")
}

// one answers a single record.
func (res *resource[T]) one(c *call, status int, rec *T) *reply {
	e := c.encoder()
	res.append(e, c, rec)
	if c.method != http.MethodGet && res.extra != nil {
		res.extra(e, c, rec)
	}
	e.close('}')
	e.project()
	r := newReply(status, e.b)
	r.shown = []int{res.records.headOf(rec).id}
	return r
}

// find gives the record a path or batch item names.
func (res *resource[T]) find(c *call, id int, editing bool) (*T, error) {
	rec := res.records.get(id)
	if rec == nil {
		if editing && res.missingPut != 0 {
			return nil, fail(res.missingPut, res.missing.code, res.missing.message)
		}
		return nil, res.missing
	}
	if res.owned != nil {
		if err := res.owned(c, rec); err != nil {
			return nil, err
		}
	}
	return rec, nil
}

func (res *resource[T]) get(c *call) (*reply, error) {
	rec, err := res.find(c, c.recordID(), false)
	if err != nil {
		return nil, err
	}
	return res.one(c, http.StatusOK, rec), nil
}

func (res *resource[T]) create(c *call) (*reply, error) {
	rec, err := res.write(c, nil, c.body)
	if err != nil {
		return nil, err
	}
	r := res.one(c, http.StatusCreated, rec)
	return r, nil
}

func (res *resource[T]) update(c *call) (*reply, error) {
	rec, err := res.find(c, c.recordID(), true)
	if err != nil {
		return nil, err
	}
	if rec, err = res.write(c, rec, c.body); err != nil {
		return nil, err
	}
	return res.one(c, http.StatusOK, rec), nil
}

// delete answers the record as it was before.
func (res *resource[T]) delete(c *call) (*reply, error) {
	rec, err := res.find(c, c.recordID(), false)
	if err != nil {
		return nil, err
	}
	var in struct {
		Force boolean `json:"force"`
	}
	if err := decode(c.body, &in); err != nil {
		return nil, err
	}
	before := res.one(c, http.StatusOK, rec)
	if err := res.remove(c, rec, bool(in.Force) || truthy(c.param("force"))); err != nil {
		return nil, err
	}
	return before, nil
}
