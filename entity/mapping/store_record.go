package mapping

// StoreRecord is a record that a store has and Tandem has not read, and why that is.
type StoreRecord struct {
	Entity string
	ID     string
	State  StoreRecordState
	Code   string
	Reason string // for a person, with what to do
	Field  string // the setting that keeps it out, e.g. "config.order.statuses"; empty for none
}

// StoreRecordState says whether imports take a record.
type StoreRecordState string

// The states of a store's record.
const (
	Filtered     StoreRecordState = "filtered"       // a rule keeps it out
	BeforeCutOff StoreRecordState = "before_cut_off" // it is older than what is imported
	NotImported  StoreRecordState = "not_imported"   // an import takes it, and none has read it yet
)

// Takes says of a record that no rule keeps out that an import takes it.
func Takes(entity, id string) StoreRecord {
	return StoreRecord{Entity: entity, ID: id, State: NotImported, Code: string(NotImported),
		Reason: "the store has it, no rule keeps it out, and no import has read it yet: import it now by its id, or wait for the next import of what changed"}
}
