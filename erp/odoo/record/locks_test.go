package record

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCallsThatShareANameTakeTurns(t *testing.T) {
	var l locks
	var group sync.WaitGroup
	inside := map[string]int{}
	for i := range 50 {
		names := []string{"a", "b", "a"}
		if i%2 == 0 {
			names = []string{"b", "a"}
		}
		group.Go(func() {
			defer l.Lock(names)()
			inside["a"]++ // the race detector and the sum tell when two are inside
		})
	}
	group.Wait()
	require.Equal(t, 50, inside["a"])
	require.Empty(t, l.named, "nothing is kept of names nobody holds")
}

func TestOtherNamesDoNotWait(t *testing.T) {
	var l locks
	release := l.Lock([]string{"a"})
	l.Lock([]string{"b"})()
	release()
	require.Empty(t, l.named)
}
