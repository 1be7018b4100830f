package flow

// Decision is what a person chose about a change of a record.
type Decision struct {
	Choice  string
	Subject string // of the outcome that the person was asked about
}

// Difference is a field in which the records of both sides differ.
type Difference struct {
	Field string `json:"field"` // as people know it, e.g. "line 7 quantity"
	ERP   string `json:"erp"`   // what the ERP has; empty for nothing
	Store string `json:"store"` // what the store has; empty for nothing
}
