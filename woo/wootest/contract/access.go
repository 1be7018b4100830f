package contract

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func checkIndex(t *testing.T, s *store) {
	a := s.send(t, s.request(t, http.MethodGet, "/wp-json/", nil))
	require.Equal(t, http.StatusOK, a.status)
	require.Contains(t, a.object()["namespaces"], "wc/v3")
}

func checkRefusal(t *testing.T, s *store) {
	a := s.send(t, s.request(t, http.MethodGet, "/wp-json/wc/v3/products", nil))
	require.Equal(t, http.StatusUnauthorized, a.status)
	require.Equal(t, "woocommerce_rest_cannot_view", a.code())

	wrong := *s
	wrong.secret = "cs_wrong"
	a = wrong.get(t, "products")
	require.Equal(t, http.StatusUnauthorized, a.status)
	require.Equal(t, "woocommerce_rest_authentication_error", a.code())
}

func checkErrors(t *testing.T, s *store) {
	for _, c := range []struct {
		path, code string
		status     int
	}{
		{"nosuch", "rest_no_route", http.StatusNotFound},
		{"products/99999999", "woocommerce_rest_product_invalid_id", http.StatusNotFound},
		{"orders/99999999", "woocommerce_rest_shop_order_invalid_id", http.StatusNotFound},
		{"customers/99999999", "wc_user_invalid_id", http.StatusNotFound},
		{"products/categories/99999999", "woocommerce_rest_term_invalid", http.StatusNotFound},
		{"products?per_page=101", "rest_invalid_param", http.StatusBadRequest},
		{"products?orderby=nosuch", "rest_invalid_param", http.StatusBadRequest},
		{"orders?status=nosuch", "rest_invalid_param", http.StatusBadRequest},
	} {
		a := s.get(t, c.path)
		require.Equal(t, c.status, a.status, c.path)
		require.Equal(t, c.code, a.code(), c.path)
	}
}
