package entity

import (
	"time"

	"tandem/erp"
	"tandem/instance"
)

// ERPInfo is what an instance keeps of a look at its ERP: what the ERP said of itself, and what does not go well with the
// store.
func ERPInfo(found erp.Info, store instance.StoreInfo, at time.Time) instance.ERPInfo {
	info := instance.ERPInfo{
		Name: found.Name, Version: found.Version, Company: found.Company, CompanyID: found.CompanyID,
		Warnings: found.Warnings, KeyWarning: found.KeyWarning, CheckedAt: at.UTC(),
	}
	if warning := found.RoundingWarning(storeRounding(store)); warning != "" {
		info.Warnings = append(info.Warnings, warning)
	}
	return info
}

// storeRounding is how a store rounds taxes; empty for one that was not asked yet.
func storeRounding(store instance.StoreInfo) erp.Rounding {
	switch {
	case store == instance.StoreInfo{}:
		return ""
	case store.RoundAtSubtotal:
		return erp.RoundOrders
	default:
		return erp.RoundLines
	}
}
