package woo

// remainder is the part of a batch that has to be done again, with the places where its outcomes belong.
type remainder[T any] struct {
	batch   Batch
	result  BatchResult[T]
	creates []*Outcome[T]
	updates []*Outcome[T]
	deletes []*Outcome[T]
}

func (r *remainder[T]) create(fields Fields, place *Outcome[T]) {
	r.batch.Create = append(r.batch.Create, fields)
	r.creates = append(r.creates, place)
}

func (r *remainder[T]) update(fields Fields, place *Outcome[T]) {
	r.batch.Update = append(r.batch.Update, fields)
	r.updates = append(r.updates, place)
}

func (r *remainder[T]) remove(id ID, place *Outcome[T]) {
	r.batch.Delete = append(r.batch.Delete, id)
	r.deletes = append(r.deletes, place)
}

// outcomes makes room for the answer to the remaining batch.
func (r *remainder[T]) outcomes() BatchResult[T] {
	r.result = BatchResult[T]{
		Create: make([]Outcome[T], len(r.creates)),
		Update: make([]Outcome[T], len(r.updates)),
		Delete: make([]Outcome[T], len(r.deletes)),
	}
	return r.result
}

// finish puts the outcomes where they belong. A second failure is final.
func (r *remainder[T]) finish(err error) {
	if err != nil {
		r.result.fail(err)
	}
	for i, place := range r.creates {
		*place = r.result.Create[i]
	}
	for i, place := range r.updates {
		*place = r.result.Update[i]
	}
	for i, place := range r.deletes {
		*place = r.result.Delete[i]
	}
}
