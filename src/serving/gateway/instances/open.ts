import type { InstanceRoute } from '../routes/route-table.ts'
import type { Instance, InstanceContext } from './instance.ts'
import { NativeInstance } from './native/native-instance.ts'
import { SocketInstance } from './socket-instance.ts'

/** Opens an instance of the kind that its route says. */
export function openInstance(route: InstanceRoute, context: InstanceContext): Instance {
  switch (route.kind) {
    case 'socket':
      return new SocketInstance(route.name, context)
    case 'native':
      return new NativeInstance(route, context)
  }
}
