// The HTTP interface of the server: requests, and numbers out of base64.

/** The name of this tab for the server. */
export const client = "tab-" + Math.random().toString(36).slice(2, 10)

export class ServerError extends Error {
  /** @param status 0 where no answer came */
  constructor(status, error) {
    super(error.message || `The server answered ${status}`)
    this.status = status
    this.error = error
  }
}

async function call(path, options) {
  let response
  try {
    response = await fetch(path, { cache: "no-store", ...options })
  } catch (problem) {
    if (problem.name === "AbortError") throw new ServerError(409, { message: "cancelled" })
    throw new ServerError(0, { message: "The server does not answer" })
  }
  if (response.ok) return response
  let error = { message: `The server answered ${response.status}` }
  try { error = (await response.json()).error ?? error } catch { /* no JSON: keep the status */ }
  throw new ServerError(response.status, error)
}

async function json(path, options) {
  const response = await call(path, options)
  try {
    return await response.json()
  } catch (problem) {
    throw problem.name === "AbortError" ? new ServerError(409, { message: "cancelled" }) : new ServerError(0, { message: "The answer broke off" })
  }
}

const post = (body, signal) => ({ method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal })

export const model = () => json("api/model")

/** Computes; `view` is the name within this tab. Numbers come as Float64Array. */
export async function compute(view, body, signal) {
  return unpacked(await json("api/compute", post({ ...body, view: `${client}/${view}` }, signal)))
}

export async function cancel(view) {
  try { await json("api/cancel", post({ view: `${client}/${view}` })) } catch { /* nothing to cancel any more */ }
}

/** A file: its bytes and its name. */
export async function exported(body, format) {
  const response = await call("api/export", post({ ...body, view: `${client}/export`, format }))
  const name = /filename="?([^";]+)/.exec(response.headers.get("Content-Disposition") ?? "")?.[1]
  return { blob: await response.blob(), name: name ?? `result.${{ netcdf: "nc", csv: "csv", model: "yaml" }[format]}` }
}

/** Little-endian float64 values in base64. */
export function numbers(text) {
  if (text === null || text === undefined) return null
  const bytes = atob(text)
  const view = new DataView(new ArrayBuffer(bytes.length))
  for (let k = 0; k < bytes.length; k++) view.setUint8(k, bytes.charCodeAt(k))
  const values = new Float64Array(bytes.length >> 3)
  for (let k = 0; k < values.length; k++) values[k] = view.getFloat64(8 * k, true)
  return values
}

function unpacked(result) {
  for (const axis of result.axes) axis.values = numbers(axis.values)
  for (const dimension of result.dimensions) {
    dimension.values = numbers(dimension.values)
    dimension.positions = numbers(dimension.positions)
  }
  for (const variable of result.variables) {
    variable.values = numbers(variable.values)
    variable.errors = numbers(variable.errors)
  }
  return result
}
