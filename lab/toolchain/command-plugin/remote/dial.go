package remote

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"

	p "github.com/pulumi/pulumi-go-provider"
	"golang.org/x/crypto/ssh"
)

const (
	firstRetryPause   = 100 * time.Millisecond
	longestRetryPause = 5 * time.Second
	retryPauseGrowth  = 1.5
)

// dial connects to the machine, through the proxy if there is one, and retries as each side's dialErrorLimit says.
func (c *Connection) dial(ctx context.Context) (*ssh.Client, error) {
	config, err := c.clientConfig()
	if err != nil {
		return nil, err
	}
	if c.Proxy == nil {
		return retry(ctx, "Dial", c.DialErrorLimit, func() (*ssh.Client, error) {
			return ssh.Dial("tcp", c.address(), config)
		})
	}
	client, err := c.dialThroughProxy(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	return client, nil
}

func (c *Connection) dialThroughProxy(ctx context.Context, config *ssh.ClientConfig) (*ssh.Client, error) {
	proxyConfig, err := c.Proxy.clientConfig()
	if err != nil {
		return nil, err
	}
	proxy, err := retry(ctx, "Dial proxy", c.Proxy.DialErrorLimit, func() (*ssh.Client, error) {
		return ssh.Dial("tcp", c.Proxy.address(), proxyConfig)
	})
	if err != nil {
		return nil, err
	}
	client, err := c.dialFromProxy(ctx, proxy, config)
	if err != nil {
		proxy.Close()
		return nil, err
	}
	go func() {
		client.Wait()
		proxy.Close()
	}()
	return client, nil
}

func (c *Connection) dialFromProxy(
	ctx context.Context, proxy *ssh.Client, config *ssh.ClientConfig,
) (*ssh.Client, error) {
	openTunnel := func() (net.Conn, error) { return proxy.Dial("tcp", c.address()) }
	tunnel, err := retry(ctx, "Dial from proxy", c.DialErrorLimit, openTunnel)
	if err != nil {
		return nil, err
	}
	return retry(ctx, "Dial", c.DialErrorLimit, func() (*ssh.Client, error) {
		if tunnel == nil {
			if tunnel, err = openTunnel(); err != nil {
				return nil, err
			}
		}
		conn, channels, requests, err := ssh.NewClientConn(tunnel, c.address(), config)
		if err != nil {
			// A failed handshake spoils its tunnel: the next attempt needs one of its own.
			tunnel.Close()
			tunnel = nil
			return nil, err
		}
		return ssh.NewClient(conn, channels, requests), nil
	})
}

// retry calls attempt until it succeeds or has failed limit+1 times; a negative limit means for ever.
func retry[T any](ctx context.Context, activity string, limit *int, attempt func() (T, error)) (T, error) {
	retries := valueOr(limit, defaultDialErrorLimit)
	shown := strconv.Itoa(retries)
	if retries < 0 {
		shown = "inf"
	}
	pause := firstRetryPause
	for failures := 1; ; failures++ {
		result, err := attempt()
		if err == nil {
			return result, nil
		}
		if retries >= 0 && failures > retries {
			return result, fmt.Errorf("after %d failed attempts: %w", retries, err)
		}
		p.GetLogger(ctx).InfoStatusf("%s %d/%s failed: retrying", activity, failures, shown)
		select {
		case <-ctx.Done():
			return result, ctx.Err()
		case <-time.After(pause):
		}
		pause = min(time.Duration(float64(pause)*retryPauseGrowth), longestRetryPause)
	}
}
