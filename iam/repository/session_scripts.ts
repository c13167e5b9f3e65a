/*
 * The scripts that run in one user's slot. KEYS are the user's generation and sessions: a sorted set of digests, scored by
 * the end of each session in ms since the epoch. None touches a session's own key, which lies in another slot.
 */

/** Keeps the copy of the user's generation at its highest, for as long as any session may live. */
const RAISE = `
local function raise(generation, untilMs)
  local seen = tonumber(redis.call('GET', KEYS[1]) or '0')
  if seen < generation or redis.call('PEXPIRETIME', KEYS[1]) < untilMs then
    redis.call('SET', KEYS[1], math.max(seen, generation), 'PXAT', untilMs)
  end
  return seen
end`;

/**
 * Lists a session that is about to be written, unless its login began under an earlier generation.
 *
 * ARGV: generation, digest, end, now, how many sessions a user may have. Returns nil if it is refused, else the digests
 * of the oldest other sessions that are too many. The new one is never among them, though it ends first if the lifetime
 * was shortened.
 */
export const LIST_SCRIPT = `${RAISE}
local generation, finish = tonumber(ARGV[1]), tonumber(ARGV[3])
if raise(generation, finish) > generation then return false end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[4])
local tooMany = redis.call('ZRANGE', KEYS[2], 0, -tonumber(ARGV[5]))
redis.call('ZADD', KEYS[2], finish, ARGV[2])
if redis.call('PEXPIRETIME', KEYS[2]) < finish then redis.call('PEXPIREAT', KEYS[2], finish) end
return tooMany`;

/** Whether a session that has been written may be returned to its owner. ARGV: generation, digest. */
export const CONFIRM_SCRIPT = `
if tonumber(redis.call('GET', KEYS[1]) or '0') > tonumber(ARGV[1]) then return 0 end
return redis.call('ZSCORE', KEYS[2], ARGV[2]) and 1 or 0`;

/** Raises the generation, so that no login under way opens a session. ARGV: generation, until. Returns all digests. */
export const RAISE_SCRIPT = `${RAISE}
raise(tonumber(ARGV[1]), tonumber(ARGV[2]))
return redis.call('ZRANGE', KEYS[2], 0, -1)`;

/**
 * Replaces a session's record with another, unless it has ended or was replaced meanwhile; its end stays. KEYS: session.
 * ARGV: the record that was read, its replacement. Returns whether it did.
 */
export const REPLACE_SCRIPT = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
return 1`;
