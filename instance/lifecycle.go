package instance

import "tandem/fault"

// Connect gives the state after the store and the ERP have answered with the instance's credentials. An active instance
// stays active: for it, connecting is a check. It answers fault.Conflict for a state there is not.
func (s State) Connect() (State, error) {
	switch s {
	case Draft, Connected, Deactivated:
		return Connected, nil
	case Active:
		return Active, nil
	default:
		return s, fault.New(fault.Conflict, "the instance is in the unknown state %q", s)
	}
}

// Activate gives the state in which schedules run. Only a connected instance gets there; it answers fault.Conflict.
// What must be filled before is a question of MissingForActivation.
func (s State) Activate() (State, error) {
	switch s {
	case Connected:
		return Active, nil
	case Active:
		return s, fault.New(fault.Conflict, "the instance is active already")
	default:
		return s, fault.New(fault.Conflict, "the instance is %s: connect it before activating it", s)
	}
}

// Deactivate gives the state in which schedules pause and nothing is dropped. It answers fault.Conflict for an
// instance that is not active.
func (s State) Deactivate() (State, error) {
	if s != Active {
		return s, fault.New(fault.Conflict, "the instance is %s: only an active one can be deactivated", s)
	}
	return Deactivated, nil
}
