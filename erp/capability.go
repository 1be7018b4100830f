package erp

import "tandem/fault"

// Capability is something that not every ERP can do: C is the interface of a backend that can. It is asked for where it is
// needed, by Of, and nowhere else.
type Capability[C any] struct {
	does string // what a backend that has it does, e.g. "keep copies of product images"
}

// Images is keeping copies of product images. An ERP without it is told their addresses only.
var Images = Capability[ImageSink]{does: "keep copies of product images"}

// Of returns a backend as one that has the capability; fault.Unsupported, which says what the ERP cannot do, for one that has not.
func (c Capability[C]) Of(b Backend) (C, error) {
	able, ok := b.(C)
	if !ok {
		return able, fault.New(fault.Unsupported, "the ERP cannot %s", c.does)
	}
	return able, nil
}
