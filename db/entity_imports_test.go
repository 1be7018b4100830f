package db

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestEntityImports(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	for _, kind := range []string{"changes", "ids"} {
		op, _, err := d.CreateOperation(t.Context(), Operation{
			Kind: "import", Instances: []string{"demo"}, Entities: []string{"order"}, Filter: json.RawMessage(`{"kind":"` + kind + `"}`),
		})
		require.NoError(t, err)
		lease := claim(t, d, op.ID, "order")
		require.NoError(t, d.CompleteScan(t.Context(), lease, ScanEnd{Began: noon, Until: noon, Whole: true}))
		if kind == "changes" {
			_, err = d.pool.ExecContext(t.Context(), `UPDATE tandem.operation_progress SET finished_at = $1`, noon.Add(time.Hour))
			require.NoError(t, err)
		}
	}
	imports, err := d.EntityImports(t.Context(), "demo", []string{"product", "order"})
	require.NoError(t, err)
	require.Equal(t, []EntityImport{
		{Entity: "product"}, {Entity: "order", LastImportAt: noon.Add(time.Hour), SeenUntil: noon},
	}, imports, "an import of single records is none of all")
}
