package linkfile_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/linkfile"
	"tandem/fault"
)

func TestRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text     string
		lines    []linkfile.Line
		problems []linkfile.Problem
		err      string
	}{
		"columns in any order, with others": {
			text:  "erp_id,woo_id,note,entity,instance\n9,7,mine,product,shop\n",
			lines: []linkfile.Line{{Number: 2, Instance: "shop", Entity: "product", WooID: "7", ERPID: "9"}},
		},
		"as a spreadsheet writes it": {
			text:  "\uFEFFInstance;Entity;Woo_ID;ERP_ID\r\nshop;product;7;9\r\n;;;\r\n",
			lines: []linkfile.Line{{Number: 2, Instance: "shop", Entity: "product", WooID: "7", ERPID: "9"}},
		},
		"a guarded cell": {
			text:  "instance,entity,woo_id,erp_id\nshop,product,7,'-9\n",
			lines: []linkfile.Line{{Number: 2, Instance: "shop", Entity: "product", WooID: "7", ERPID: "-9"}},
		},
		"errors by line": {
			text:  "instance,entity,woo_id,erp_id\nshop,product,7,9\nshop,product,8\nshop,product,7,10\nshop,product,11,9\nshop,pro\"duct,1,2\n" + "shop,product,12," + strings.Repeat("x", 65) + "\nshop,tag,7,9\n",
			lines: []linkfile.Line{{Number: 2, Instance: "shop", Entity: "product", WooID: "7", ERPID: "9"}, {Number: 8, Instance: "shop", Entity: "tag", WooID: "7", ERPID: "9"}},
			problems: []linkfile.Problem{
				{3, "erp_id is empty"}, {4, "the store's product 7 stands in line 2 already"}, {5, "the ERP's product 9 stands in line 2 already"},
				{6, `is not valid CSV: bare " in non-quoted-field`}, {7, "erp_id is longer than 64 characters"},
			},
		},
		"no columns":     {text: "", err: "no first line"},
		"a column less":  {text: "instance,entity,woo_id\n", err: "the column erp_id is missing"},
		"a column twice": {text: "instance,entity,woo_id,erp_id,erp_id\n", err: "named twice"},
		"too many lines": {text: "instance,entity,woo_id,erp_id\n" + strings.Repeat("s,p,,\n", linkfile.MaxLines+1), err: "more than 100000 lines"},
		"too large":      {text: "instance,entity,woo_id,erp_id\n" + strings.Repeat(strings.Repeat("\n", 1<<10), linkfile.MaxSize>>10), err: "larger than 16 MiB"},
	} {
		lines, problems, err := linkfile.Read(strings.NewReader(c.text))
		if c.err != "" {
			require.ErrorContains(t, err, c.err, name)
			require.Equal(t, fault.Invalid, fault.KindOf(err), name)
			continue
		}
		require.NoError(t, err, name)
		require.Equal(t, c.lines, lines, name)
		require.Equal(t, c.problems, problems, name)
	}
}

// What a store or an ERP sends must not command a spreadsheet.
func TestWriteGuardsFormulas(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w, err := linkfile.NewWriter(&out)
	require.NoError(t, err)
	dangerous := linkfile.Line{Number: 2, Instance: "shop", Entity: "product", WooID: "@SUM(1)", ERPID: `=HYPERLINK("x")`}
	require.NoError(t, w.Write(dangerous, "synchronised", "", "+1"))
	require.NoError(t, w.Flush())
	rows, err := csv.NewReader(bytes.NewReader(out.Bytes())).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"shop", "product", "'@SUM(1)", `'=HYPERLINK("x")`, "synchronised", "", "'+1"}, rows[1])
	lines, problems, err := linkfile.Read(&out)
	require.NoError(t, err)
	require.Empty(t, problems)
	require.Equal(t, []linkfile.Line{dangerous}, lines)
}

// FuzzRead: whatever a file holds, it is refused as a whole, or each of its lines is a whole pair or is told.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"instance,entity,woo_id,erp_id\nshop,product,7,9\n", "\uFEFFinstance;entity;woo_id;erp_id\r\nshop;product;7;9", "", "\x00", "\"", "instance,entity,woo_id,erp_id\n\"",
		"instance,entity,woo_id,erp_id\nshop,product,\xff,9\nshop,product,7,'=9\n", "a,a\n", "instance\tentity\twoo_id\terp_id\n1\t2\t3\t4",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		lines, problems, err := linkfile.Read(bytes.NewReader(content))
		if err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(err))
			require.Empty(t, lines)
			return
		}
		for _, p := range problems {
			require.Positive(t, p.Line)
			require.NotEmpty(t, p.Reason)
		}
		var again bytes.Buffer
		w, err := linkfile.NewWriter(&again)
		require.NoError(t, err)
		for _, line := range lines {
			require.NotContains(t, []string{line.Instance, line.Entity, line.WooID, line.ERPID}, "")
			require.NoError(t, w.Write(line, "", "", ""))
		}
		require.NoError(t, w.Flush())
		read, problems, err := linkfile.Read(&again)
		require.NoError(t, err)
		require.Empty(t, problems)
		require.Len(t, read, len(lines))
	})
}
