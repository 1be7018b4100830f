package instance_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/instance"
)

func TestLifecycle(t *testing.T) {
	connect, activate, deactivate := instance.State.Connect, instance.State.Activate, instance.State.Deactivate
	for _, test := range []struct {
		name string
		from instance.State
		do   func(instance.State) (instance.State, error)
		to   instance.State // the same as from: refused
	}{
		{"connect a draft", instance.Draft, connect, instance.Connected},
		{"connect again", instance.Connected, connect, instance.Connected},
		{"connect a deactivated one", instance.Deactivated, connect, instance.Connected},
		{"check an active one", instance.Active, connect, instance.Active},
		{"activate", instance.Connected, activate, instance.Active},
		{"deactivate", instance.Active, deactivate, instance.Deactivated},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := test.do(test.from)
			require.NoError(t, err)
			require.Equal(t, test.to, got)
		})
	}
	for _, test := range []struct {
		name string
		from instance.State
		do   func(instance.State) (instance.State, error)
	}{
		{"connect an unknown state", "", connect},
		{"activate a draft", instance.Draft, activate},
		{"activate twice", instance.Active, activate},
		{"activate a deactivated one", instance.Deactivated, activate},
		{"deactivate a draft", instance.Draft, deactivate},
		{"deactivate a connected one", instance.Connected, deactivate},
		{"deactivate twice", instance.Deactivated, deactivate},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := test.do(test.from)
			require.True(t, fault.Is(err, fault.Conflict))
			require.Equal(t, test.from, got)
		})
	}
}
