import { isLoaderError } from '@qdrant-loader/connector-sdk'
import type { Client } from 'confluence.js/core'
import { getDatabaseById, getFolderById, getSmartLinkById, getWhiteboardById } from 'confluence.js/v2'
import { mapLimited } from './in-batches.ts'
import type { TreeNode } from './page-chains.ts'
import { nodeOf } from './page-v2.ts'
import { PageV2, readAnswer } from './wire.ts'

/** Asked about at once. */
const AT_ONCE = 4

const Parent = PageV2.pick({ title: true, parentId: true, parentType: true })

type Read = (client: Client, parameters: { readonly id: number }) => Promise<unknown>

/** What pages can be below, beside other pages. No route lists them by id. */
const READ: Readonly<Record<string, Read>> = {
  folder: getFolderById,
  whiteboard: getWhiteboardById,
  database: getDatabaseById,
  embed: getSmartLinkById,
}

type Call = (work: (client: Client) => Promise<unknown>) => Promise<unknown>

/**
 * Looks up folders, whiteboards, databases and embeds by id and type, from the database. What cannot be seen is left
 * out, as are types that are not known here. `call` answers undefined for what is not there.
 */
export async function parentsV2(call: Call, wanted: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, TreeNode>> {
  const found = await mapLimited([...wanted], AT_ONCE, async ([id, type]) => {
    const answer = await read(call, Number(id), type)
    return answer === undefined ? [] : [[id, nodeOf(readAnswer(Parent, answer, `${type} ${id}`))] as const]
  })
  return new Map(found.flat())
}

async function read(call: Call, id: number, type: string): Promise<unknown> {
  const one = READ[type]
  if (!one) return undefined
  try {
    return await call((client) => one(client, { id }))
  } catch (error) {
    // Each of these types has a scope of its own, and a token without it reads all of the rest.
    if (type !== 'folder' && isLoaderError(error) && error.code === 'confluence_forbidden') return undefined
    throw error
  }
}
