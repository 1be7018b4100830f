package db

import (
	"database/sql/driver"
	"maps"
	"net"
	"time"

	"github.com/lib/pq"

	"tandem/fault"
)

// sessionLimits bound what one session can do to others. Without them, a worker whose host vanishes inside a transaction
// keeps its locks for about two hours, until the operating system gives up on the connection: the counter of a journal
// among them, so that nothing is invoiced meanwhile. The address may set others, in the same names.
var sessionLimits = map[string]string{
	"idle_in_transaction_session_timeout": "30s",
	"lock_timeout":                        "30s",
	"statement_timeout":                   "2min",
	// How soon the server notices that the other end of a connection is gone.
	"tcp_user_timeout":        "30s",
	"tcp_keepalives_idle":     "15",
	"tcp_keepalives_interval": "5",
	"tcp_keepalives_count":    "3",
}

// Connector opens sessions of a database whose statements, locks and transactions are bounded in time. Every pool that
// works on Tandem's tables or the ledger's is made of one. Invalid when the address cannot be read.
func Connector(dsn string) (driver.Connector, error) { return newConnector(dsn, nil, false) }

func newConnector(dsn string, settings map[string]string, binary bool) (driver.Connector, error) {
	config, err := pq.NewConfig(dsn)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the database address is not valid")
	}
	config.BinaryParameters = binary
	config.Runtime = withDefaults(config.Runtime, sessionLimits)
	maps.Copy(config.Runtime, settings)
	connector, err := pq.NewConnectorConfig(config)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the database address is not valid")
	}
	connector.Dialer(dialer{&net.Dialer{KeepAliveConfig: keepAlive, Control: limitUnacknowledged}})
	return connector, nil
}

// withDefaults completes what the address says.
func withDefaults(given, defaults map[string]string) map[string]string {
	merged := maps.Clone(defaults)
	maps.Copy(merged, given)
	return merged
}

// keepAlive is how soon this end notices that the server's host is gone: within half a minute.
var keepAlive = net.KeepAliveConfig{Enable: true, Idle: 15 * time.Second, Interval: 5 * time.Second, Count: 3}

// unacknowledged is how long sent data may stay without an answer from the other host's kernel; keep-alive probes wait
// while there is such data.
const unacknowledged = 30 * time.Second

// dialer is net.Dialer in the form that lib/pq asks for.
type dialer struct{ *net.Dialer }

// DialTimeout dials for no longer than the address allows.
func (d dialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	limited := *d.Dialer
	limited.Timeout = timeout
	return limited.Dial(network, address)
}
