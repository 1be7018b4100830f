package catalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/entity/entitytest"
	"tandem/erp"
	"tandem/fault"
	"tandem/woo"
)

func TestMapRecordedCoupon(t *testing.T) {
	c, err := woo.Decode[woo.Coupon](entitytest.RecordedList(t, "coupons_list")[0])
	require.NoError(t, err)
	c.ProductIDs, c.ExcludedProductCategories = []woo.ID{5}, []woo.ID{15}
	mapped, err := mapCoupon(entitytest.Demo(), c)
	require.NoError(t, err)
	require.Equal(t, entitytest.Key("coupon", "4023"), mapped.Key)
	require.Equal(t, "ten03698", mapped.Code)
	require.Equal(t, "percent", mapped.Kind)
	entitytest.RequireAmount(t, "10", mapped.Amount)
	entitytest.RequireAmount(t, "5", mapped.MinimumAmount)
	require.Equal(t, 100, mapped.UsageLimit)
	require.Zero(t, mapped.UsageLimitUser, "empty is unlimited")
	require.Equal(t, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), mapped.Expires)
	require.Equal(t, []erp.Key{entitytest.Key("product", "5")}, mapped.Products)
	require.Equal(t, []erp.Key{entitytest.Key("category", "15")}, mapped.ExcludeCategory)
}

func TestDatesOfCouponsThatDecideSomething(t *testing.T) {
	odd := woo.Time{Odd: true}
	_, err := mapCoupon(entitytest.Demo(), woo.Coupon{ID: 1, Code: "x", DateExpires: odd})
	require.Contains(t, entitytest.RequireRefusal(t, err, fault.Invalid, "invalid_date").Message, "date_expires_gmt")
	_, err = mapCoupon(entitytest.Demo(), woo.Coupon{ID: 1, Code: "x", DateCreated: odd, DateModified: odd})
	require.NoError(t, err)
}

func TestLimitsOfManyNines(t *testing.T) {
	nines := entitytest.Some("99999999999999999999")
	c, err := mapCoupon(entitytest.Demo(), woo.Coupon{ID: 1, Code: "x", UsageLimit: nines, UsageLimitPerUser: entitytest.Some("9999999999"),
		LimitUsageToItems: entitytest.Some("5"), UsageCount: 9999999999})
	require.NoError(t, err)
	require.Equal(t, []int{0, 0, 5, 2147483647}, []int{c.UsageLimit, c.UsageLimitUser, c.LimitItems, c.UsageCount})
}

func TestCodesOfCouponsAreUnescaped(t *testing.T) {
	c, err := mapCoupon(entitytest.Demo(), woo.Coupon{ID: 1, Code: "buy&amp;save"})
	require.NoError(t, err)
	require.Equal(t, "buy&save", c.Code)
}
