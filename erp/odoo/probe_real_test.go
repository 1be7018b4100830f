//go:build odoo

package odoo

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

func TestProbeOfASoundOdoo(t *testing.T) {
	protocols(t, func(t *testing.T, settings Settings) {
		b, err := Open(t.Context(), settings)
		require.NoError(t, err)
		info, err := b.Probe(t.Context())
		require.NoError(t, err)
		require.Equal(t, "Odoo", info.Name)
		require.NotEmpty(t, info.Company)
		require.Contains(t, []erp.Rounding{erp.RoundLines, erp.RoundOrders}, info.Rounding)
		for _, warning := range info.Warnings {
			require.NotContains(t, warning, "decimal accuracy")
			require.NotContains(t, warning, "outstanding account")
		}
	})
}

func TestProbeNamesTheSettingThatIsWrong(t *testing.T) {
	protocols(t, func(t *testing.T, settings Settings) {
		for field, spoil := range map[string]func(*Settings){
			"database": func(s *Settings) { s.Database = "no_such_database" },
			"company":  func(s *Settings) { s.Company = "999999" },
			"language": func(s *Settings) { s.Language = "xx_XX" },
		} {
			s := settings
			spoil(&s)
			b, err := Open(t.Context(), s)
			require.NoError(t, err)
			_, err = b.Probe(t.Context())
			require.Equal(t, fault.Invalid, fault.KindOf(err), field)
			require.Equal(t, field, fault.From(err).Field)
		}
	})
}

func TestAPortalUserIsTold(t *testing.T) {
	r := ReadReal(t)
	admin, err := Open(t.Context(), r.Settings(JSONRPC))
	require.NoError(t, err)
	portal, err := admin.records.XMLID(t.Context(), "base", "group_portal")
	require.NoError(t, err)
	login := newStory(t, admin).partner.Email
	_, err = admin.rpc.Create(t.Context(), "res.users", []map[string]any{{"name": "Visitor", "login": login, "password": "secret-of-the-visitor",
		userGroups.For(admin.rpc.Release): []any{[]any{6, 0, []int64{portal}}}}})
	require.NoError(t, err)
	settings := r.Settings(JSONRPC)
	settings.Login, settings.Secret = login, "secret-of-the-visitor"
	visitor, err := Open(t.Context(), settings)
	require.NoError(t, err)

	_, err = visitor.Probe(t.Context())

	require.Equal(t, fault.Unauthorized, fault.KindOf(err))
	require.ErrorContains(t, err, "portal user")
}

// userGroups is the field of a user that holds its groups.
var userGroups = rpc.Table[string]{{Major: 14, Value: "groups_id"}, {Major: 19, Value: "group_ids"}}

func TestJournalsThatPostNothingAreWarnedOf(t *testing.T) {
	records(t, func(t *testing.T, settings Settings) {
		b, err := Open(t.Context(), settings)
		require.NoError(t, err)
		name := "Till " + strings.ToLower(newStory(t, b).order.Number[2:])
		journals, err := b.rpc.Create(t.Context(), "account.journal", []map[string]any{{"name": name, "code": name[len(name)-5:], "type": "cash"}})
		require.NoError(t, err)
		warned := func() bool {
			info, err := b.Probe(t.Context())
			require.NoError(t, err)
			return strings.Contains(strings.Join(info.Warnings, "\n"), name)
		}
		require.Equal(t, rpc.PostsOutstanding.For(b.rpc.Release), warned())
		require.NoError(t, b.rpc.Write(t.Context(), "account.journal", journals, map[string]any{"active": false}))
		require.False(t, warned(), "an archived journal is nobody's")
	})
}

// makeKey makes an API key that ends at a time, as the administrator could not over the API.
func makeKey(t *testing.T, b *Backend, ends time.Time) string {
	t.Helper()
	model, err := b.modelID(t, "res.partner") // any that the user may write: 18 looks
	require.NoError(t, err)
	made, err := b.rpc.Create(t.Context(), "ir.actions.server", []map[string]any{{"name": "key", "model_id": model, "state": "code",
		"code": fmt.Sprintf("key = env['res.users.apikeys']._generate('rpc', 'soon', datetime.datetime.strptime('%s', '%%Y-%%m-%%d %%H:%%M:%%S'))\n"+
			"action = {'type': 'ir.actions.act_window_close', 'name': key}", ends.UTC().Format(rpc.TimeLayout))}})
	require.NoError(t, err)
	var action struct {
		Key string `json:"name"`
	}
	require.NoError(t, b.rpc.Run(t.Context(), "ir.actions.server", "run", made, nil, &action))
	require.NoError(t, b.rpc.Unlink(t.Context(), "ir.actions.server", made))
	return action.Key
}

func (b *Backend) modelID(t *testing.T, name string) (int64, error) {
	t.Helper()
	rows, err := rpc.Search[rpc.Row](t.Context(), b.rpc, "ir.model", []any{rpc.Where("model", "=", name)}, "id")
	if err != nil {
		return 0, err
	}
	return rows[0].ID, nil
}

func TestAKeyThatEndsSoonIsReported(t *testing.T) {
	protocols(t, func(t *testing.T, settings Settings) {
		b, err := Open(t.Context(), settings)
		require.NoError(t, err)
		if rpc.KeyEnds.For(b.rpc.Release) == "" {
			return // keys of this version do not end
		}
		ends := time.Now().AddDate(0, 0, 9)
		settings.Secret = makeKey(t, b, ends)
		soon, err := Open(t.Context(), settings)
		require.NoError(t, err)

		info, err := soon.Probe(t.Context())

		require.NoError(t, err)
		require.Contains(t, strings.Join(info.Warnings, "\n"), "ends on "+ends.UTC().Format(time.DateOnly))
		for _, warning := range info.Warnings {
			require.NotContains(t, warning, settings.Secret)
		}
	})
}
