package instance

import (
	"slices"

	"tandem/erp"
	"tandem/fault"
	"tandem/siteurl"
)

// checkERP notes what is wrong with the choice of the ERP and with the way to it.
func (i Instance) checkERP(erps erp.Drivers, p *Problems) {
	if i.Backend == "" {
		p.add("backend", "is missing: choose the ERP this store is kept in step with")
		return
	}
	driver, err := erps.Find(i.Backend)
	if err != nil {
		*p = append(*p, fault.From(err))
		return
	}
	_, problems := driver.Normalize(i.ERPConnection)
	for _, problem := range problems {
		named := *problem
		named.Field = ERPField(named.Field)
		*p = append(*p, &named)
	}
}

// ERPField is the name that requests have for a setting of an ERP; that of the whole connection for "".
func ERPField(setting string) string {
	if setting == "" {
		return "erp_connection"
	}
	return "erp_connection." + setting
}

// SameERP reports whether the records of both are kept in the same books. What was landed in other books is not there,
// and ids of the ERP name other records.
func (i Instance) SameERP(o Instance, erps erp.Drivers) bool { return i.books(erps) == o.books(erps) }

func (i Instance) books(erps erp.Drivers) string {
	return erps.Books(i.Backend, i.ERPConnection, i.Config.General.Company)
}

// sameERPServer reports whether a key made for the ERP of one may be sent to that of the other.
func (i Instance) sameERPServer(o Instance, erps erp.Drivers) bool {
	driver, err := erps.Find(i.Backend)
	if err != nil {
		return i.SameERP(o, erps)
	}
	return i.Backend == o.Backend && !slices.ContainsFunc(driver.Settings, func(s erp.Setting) bool {
		return s.Address && siteurl.Origin(i.ERPConnection[s.Name]) != siteurl.Origin(o.ERPConnection[s.Name])
	})
}

// Missing names what the instance cannot connect without: the store's keys, and the ERP's where it has one. The error
// is a Problems and quotes none of them.
func (i Instance) Missing(c Credentials, erps erp.Drivers) error {
	var p Problems
	c.check(&p)
	if erps.NeedsSecret(i.Backend) && c.ERPSecret == "" {
		p.add("erp_secret", "is missing: make an API key for its user in the ERP, and set it as the ERP's credentials")
	}
	return p.Err()
}
