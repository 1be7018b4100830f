package ledger_test

import (
	"testing"

	"tandem/erp"
	"tandem/erp/erptest"
	"tandem/erp/ledger"
	"tandem/schema/schematest"
)

func TestMain(m *testing.M) { schematest.Main(m) }

func TestBackend(t *testing.T) {
	db := schematest.New(t)
	erptest.Run(t, func(*testing.T) erp.Backend { return ledger.Open(db) })
}
