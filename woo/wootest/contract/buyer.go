package contract

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func (s *store) mail() string { return "contract-" + s.run + "@example.com" }

func checkCustomers(t *testing.T, s *store) {
	made := s.create(t, "customers", object{"email": s.mail(), "first_name": "Anna", "last_name": "Contract", "password": "not-used-" + s.run,
		"billing": object{"company": "Contract & Co", "country": "FR"}, "meta_data": []object{{"key": "vat_number", "value": "FR1"}}})
	require.Equal(t, "customer", made["role"])
	require.Equal(t, []int{whole(made["id"])}, s.list(t, "customers?email="+strings.ReplaceAll(s.mail(), "@", "%40")).ids())

	twin := s.post(t, "customers", object{"email": s.mail(), "username": "other-" + s.run})
	require.Equal(t, http.StatusBadRequest, twin.status)
	require.Equal(t, "registration-error-email-exists", twin.code())

	path := "customers/" + number(made["id"])
	changed := s.put(t, path, object{"billing": object{"city": "Lyon"}})
	require.Equal(t, "Lyon", at(changed.body, "billing", "city"))
	require.Equal(t, "Contract & Co", at(changed.body, "billing", "company"), "an address is merged")
	require.Equal(t, http.StatusNotImplemented, s.delete(t, path).status)
}

func checkCoupons(t *testing.T, s *store) {
	made := s.create(t, "coupons", object{"code": "TEN" + s.run, "discount_type": "percent", "amount": "10"})
	require.Equal(t, "ten"+s.run, made["code"], "codes are in lower case")
	require.Equal(t, "10.00", made["amount"])
	require.Equal(t, []int{whole(made["id"])}, s.list(t, "coupons?code=ten"+s.run).ids())

	twin := s.post(t, "coupons", object{"code": "ten" + s.run, "amount": "1"})
	require.Equal(t, http.StatusBadRequest, twin.status)
	require.Equal(t, "woocommerce_rest_coupon_code_already_exists", twin.code())

	path := "coupons/" + number(made["id"])
	require.Nil(t, s.put(t, path, object{"date_expires_gmt": "2030-05-05T10:00:00"}).object()["date_expires_gmt"], "only the local date is taken")
	require.Equal(t, "2030-05-05T10:00:00", s.put(t, path, object{"date_expires": "2030-05-05T10:00:00"}).object()["date_expires"])
	require.Equal(t, "2030-05-05T10:00:00", s.put(t, path, object{"date_expires": nil}).object()["date_expires"])
	require.Nil(t, s.put(t, path, object{"date_expires": ""}).object()["date_expires"])

	limited := s.put(t, path, object{"usage_limit": 5, "email_restrictions": []string{"no address", "A@shop.example"}}).object()
	require.Equal(t, float64(5), limited["usage_limit"])
	require.Equal(t, object{"1": "a@shop.example"}, limited["email_restrictions"], "a list that was left a gap is an object by place")
	require.Nil(t, s.put(t, path, object{"usage_limit": 0}).object()["usage_limit"])

	tooMuch := s.put(t, path, object{"amount": "150"})
	require.Equal(t, http.StatusBadRequest, tooMuch.status)
	require.Equal(t, "coupon_invalid_amount", tooMuch.code())
	require.Equal(t, "150.00", s.put(t, path, object{"amount": "150", "discount_type": "fixed_cart"}).object()["amount"])
	require.Equal(t, "0.00", s.put(t, path, object{"discount_type": "percent"}).object()["amount"], "more than 100 percent becomes nothing")
}
