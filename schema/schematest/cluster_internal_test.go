package schematest

import (
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestClusterFolderIsWhereThereIsRoom(t *testing.T) {
	preferred, usual := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", usual)
	for name, c := range map[string]struct {
		folder string
		room   uint64
		want   string
	}{
		"room enough":  {preferred, 1, preferred},
		"too little":   {preferred, math.MaxUint64, usual},
		"no such file": {filepath.Join(preferred, "none"), 0, usual},
	} {
		t.Run(name, func(t *testing.T) {
			dir, err := makeFolder(c.folder, c.room)
			require.NoError(t, err)
			require.DirExists(t, dir)
			require.Equal(t, c.want, filepath.Dir(dir))
		})
	}
}
