import { mount } from 'svelte';
import './screen/foundation.css';
import App from './screen/App.svelte';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no element #app to draw the dashboard in');
mount(App, { target });
