// From the name of a host to a connection: a hop is looked up before libcurl sees it, and goes on with the next address when one
// does not answer.

internal import CCurl

extension CurlEngine {
    /// Starts a hop, or looks its host up first.
    func start(_ request: HopRequest, _ continuation: Continuation) {
        let origin = request.url.origin
        if setup.proxy(for: origin) != nil {
            if let reason = setup.refusalOfProxied {
                let error = FetchError(.blocked, reason, curlCode: Int(CURLE_COULDNT_CONNECT.rawValue))
                failures[request.serial] = HopResult(hop: Hop(url: request.url, method: request.method), error: error)
                return continuation.resume(returning: .finished)
            }
            return begin(request, .unresolved, nil, continuation)
        }
        guard let target = setup.target(of: origin) else { return begin(request, .unresolved, nil, continuation) }
        let serial = request.serial
        let lookUp = LookUp(request: request, target: target, continuation: continuation, start: .now)
        let known = resolver.lookUp(target.host, port: target.lookUpPort, now: lookUp.start) { [weak loop] resolution in
            loop?.send { ($0 as! CurlEngine).resolved(serial, resolution) }
        }
        if let resolution = known { return go(on: lookUp, resolution, cost: .zero) }
        lookUps[serial] = lookUp
        let limit = min(configuration.timeouts.connect, request.timeLimit ?? configuration.timeouts.connect)
        wake(serial, at: lookUp.start + limit)
    }

    private func resolved(_ serial: Int, _ resolution: Resolution) {
        guard let lookUp = lookUps.removeValue(forKey: serial) else { return }
        go(on: lookUp, resolution, cost: lookUp.start.duration(to: .now))
    }

    private func go(on lookUp: LookUp, _ resolution: Resolution, cost: Duration) {
        switch resolution {
        case .addresses(let addresses):
            let plan = AddressPlan(addresses, port: lookUp.target.port, brokenFamilyIsIPv6: brokenFamily.isIPv6(at: lookUp.start))
            begin(lookUp.request, plan, (lookUp.start, cost), lookUp.continuation)
        case .failure(let failure): fail(lookUp, lookUp.failed(failure))
        }
    }

    func fail(_ lookUp: LookUp, _ result: HopResult) {
        failures[lookUp.request.serial] = result
        lookUp.continuation.resume(returning: .finished)
    }

    /// Goes on with the next address of a host, if that may help. libcurl has already let the transfer go.
    func tryNextAddress(_ transfer: Transfer, _ code: CURLcode) -> Bool {
        let failed = transfer.plan.current
        guard transfer.turnToNextAddress(code) else { return false }
        if let address = failed.address {
            if failed.isTrial {
                brokenFamily.failed(isIPv6: address.isIPv6, now: .now)
            } else {
                resolver.demote(address, of: setup.target(of: transfer.request.url.origin)?.host ?? "")
            }
        }
        multi!.add(transfer.easy.pointer)
        superviseTrial(transfer)
        return true
    }

    func superviseTrial(_ transfer: Transfer) {
        guard transfer.plan.current.isTrial else { return }
        wake(transfer.serial, at: .now + AddressPlan.trialTime + transfer.handle.timeForFallback)
    }

    /// The first family has had its moment: if it has no connection by now, the other one gets its chance.
    func endTrial(_ transfer: Transfer) {
        guard !transfer.isDone, transfer.plan.current.isTrial, !transfer.isConnected else { return }
        // As long as it waits for a connection of others nothing was tried.
        guard transfer.hasDialled else { return wake(transfer.serial, at: .now + AddressPlan.trialTime) }
        finish(transfer, code: CURLE_OPERATION_TIMEDOUT)
    }
}
