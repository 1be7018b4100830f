package devstack

import (
	"fmt"
	"net"
	"strconv"

	"tandem/fault"
)

// portTries is how many ports upwards from the preferred one are looked at before giving up.
const portTries = 200

// FreePort gives the preferred TCP port of 127.0.0.1 when nobody listens there, and the next free one above it otherwise;
// a caller that gets another one than it preferred should say so. 0 stands for any free port. The port is free at the
// moment of asking only, so whoever uses it must still expect to fail. The error is fault.Unavailable, when none is free
// near the preferred one, or fault.Invalid, when that is no port number at all.
func FreePort(preferred int) (int, error) {
	ports, err := freePorts(preferred)
	if err != nil {
		return 0, err
	}
	return ports[0], nil
}

// freePorts is FreePort for several ports that must differ from each other: each stays taken until all are found.
func freePorts(preferred ...int) ([]int, error) {
	ports := make([]int, 0, len(preferred))
	for _, want := range preferred {
		listener, err := listenFrom(want)
		if err != nil {
			return nil, err
		}
		defer listener.Close()
		ports = append(ports, listener.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// listenFrom listens on the first free port from the preferred one upwards.
func listenFrom(preferred int) (net.Listener, error) {
	if preferred < 0 || preferred > 65535 {
		return nil, fault.Field("port", "%d is no port number (0 to 65535)", preferred)
	}
	for port := preferred; port <= 65535 && port < preferred+portTries; port++ {
		listener, err := net.Listen("tcp", net.JoinHostPort(loopback, strconv.Itoa(port)))
		if err == nil {
			return listener, nil
		}
	}
	return nil, fault.New(fault.Unavailable, "no free port from %d upwards on %s", preferred, loopback)
}

// choosePort is FreePort that tells when it had to take another one.
func choosePort(name string, preferred int, report func(string)) (int, error) {
	port, err := FreePort(preferred)
	if err == nil {
		reportPort(name, preferred, port, report)
	}
	return port, err
}

// reportPort tells when a name got another port than it preferred.
func reportPort(name string, preferred, got int, report func(string)) {
	if preferred != 0 && got != preferred {
		report(fmt.Sprintf("Port %d is busy: %s takes %d", preferred, name, got))
	}
}
