package instance

import "tandem/fault"

// Connect gives the state after the store has answered with the instance's credentials. An active instance must be
// deactivated first, so that its schedules never run against keys nobody has tested. It answers fault.Conflict.
func (s State) Connect() (State, error) {
	switch s {
	case Draft, Connected, Deactivated:
		return Connected, nil
	default:
		return s, fault.New(fault.Conflict, "the instance is %s: deactivate it before connecting it again", s)
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
