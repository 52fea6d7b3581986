export { demoOrders, type DemoOrder } from './orders.ts';
export { startDemoService, type DemoService } from './start-demo-service.ts';
